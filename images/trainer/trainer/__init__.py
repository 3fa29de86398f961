"""Fine-tunes a language model with LoRA or QLoRA inside a Kubernetes Job, and publishes the adapter.

TRL, PEFT and Transformers do the training. This package adds what they lack: checks on a cheap node before a GPU is
bought, resuming after an eviction, a record of the run in the cluster, exit codes, and the push of the adapter.
"""
