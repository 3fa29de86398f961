"""The base model in memory with a fresh adapter on it. Imports torch: load this module only to train."""

from __future__ import annotations

import logging

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, PreTrainedModel

from .base_model import unusable
from .configuration import Configuration
from .failures import ExitCode, RunFailure

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}

logger = logging.getLogger(__name__)


def precision_here(configuration: Configuration) -> str:
    """The configured precision, or fp32 where there is no GPU: CPUs emulate the 16-bit ones, slowly."""
    if torch.cuda.is_available():
        return configuration.precision
    logger.info("no GPU: training on the CPU, in fp32")
    return "fp32"


def load_adapted_model(configuration: Configuration, precision: str) -> PeftModel:
    model = _load_base(configuration, DTYPES[precision])
    model.config.use_cache = False
    lora = configuration.lora
    adapted = get_peft_model(
        model,
        LoraConfig(
            task_type=TaskType.CAUSAL_LM,
            r=lora.rank,
            lora_alpha=lora.alpha,
            lora_dropout=lora.dropout,
            target_modules=lora.targets,
            use_rslora=lora.rankStabilized,
        ),
    )
    trainable, total = adapted.get_nb_trainable_parameters()
    logger.info("%s: %s of %s parameters are trained", configuration.model.name, f"{trainable:,}", f"{total:,}")
    return adapted


def keep_adapter_in_fp32(model: PeftModel, precision: str) -> None:
    """TRL turns the adapter of a quantised model into bf16, which a card without bf16 cannot scale gradients in."""
    if precision == "fp16":
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.data = parameter.data.float()


def _load_base(configuration: Configuration, dtype: torch.dtype) -> PreTrainedModel:
    quantization = None
    if configuration.method == "qlora":
        quantization = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
    try:
        return AutoModelForCausalLM.from_pretrained(
            configuration.model.path,
            dtype=dtype,
            quantization_config=quantization,
            device_map={"": "cuda:0" if torch.cuda.is_available() else "cpu"},
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
        )
    except ImportError as error:
        raise RunFailure(ExitCode.BAD_CONFIGURATION, f"{configuration.method} does not work here: {error}") from error
    except (OSError, ValueError, KeyError) as error:
        raise unusable(configuration.model, f"its weights do not load: {error}") from error
