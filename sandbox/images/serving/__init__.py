"""A small server with vLLM's arguments and the part of its HTTP API that the sandbox uses. It is not vLLM."""
