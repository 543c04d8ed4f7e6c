"""Writes what diffusers and PEFT make of a prompt: `make_generated.py FIXTURES`, the folder that holds cases/.

FIXTURES/generated.safetensors: frames (3, 32, 32, 3) of the case square's pipeline, as bytes, by name: base, adapted (the case's LoRA
weights, PEFT), half (the same with scale 1/2) and eta (no adapter, eta 1/2). The noise is that of random.CounterRandom, written again
here. Needs torch, diffusers, transformers, peft.
"""
import hashlib
import math
import pathlib
import sys

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet3DConditionModel
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import CLIPTextModel, CLIPTokenizer

SEED, PROMPT_ID, COPY, PROMPT, NEGATIVE, STEPS, GUIDANCE = 7, "a/../b", 1, "a red panda, surfing", "blurry", 4, 3.0
SHAPE = (1, 4, 3, 4, 4)


def gaussians(seed, step, sample, copy, purpose, count):
    digest = hashlib.sha256(f"{seed}|{step}|{copy}|{purpose}|{sample}".encode()).digest()
    k0, k1, high0, high1 = (int.from_bytes(digest[4 * i:4 * i + 4], "little") for i in range(4))

    def blocks():
        counter = 0
        while True:
            c = [counter & 0xFFFFFFFF, counter >> 32, high0, high1]
            a, b = k0, k1
            for _ in range(10):
                p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
                c = [p1 >> 32 ^ c[1] ^ a, p1 & 0xFFFFFFFF, p0 >> 32 ^ c[3] ^ b, p0 & 0xFFFFFFFF]
                a, b = (a + 0x9E3779B9) & 0xFFFFFFFF, (b + 0xBB67AE85) & 0xFFFFFFFF
            yield from c
            counter += 1

    ints = blocks()
    uniform = lambda: ((next(ints) >> 5 << 26 | next(ints) >> 6) + 0.5) * 2.0**-53
    values = []
    while len(values) < count:
        radius, angle = math.sqrt(-2 * math.log(uniform())), 2 * math.pi * uniform()
        values += [radius * math.cos(angle), radius * math.sin(angle)]
    return torch.tensor(values[:count], dtype=torch.float32)


def noise(step, purpose):
    return gaussians(SEED, step, PROMPT_ID, COPY, purpose, math.prod(SHAPE)).reshape(SHAPE)


@torch.no_grad()
def frames(pipeline, unet, eta=0.0):
    tokenizer = CLIPTokenizer.from_pretrained(pipeline / "tokenizer")
    text_encoder = CLIPTextModel.from_pretrained(pipeline / "text_encoder").eval()
    vae = AutoencoderKL.from_pretrained(pipeline / "vae").eval()
    scheduler = DDIMScheduler.from_pretrained(pipeline / "scheduler")
    ids = tokenizer([NEGATIVE, PROMPT], padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
    embeds = text_encoder(ids)[0]
    scheduler.set_timesteps(STEPS)
    x = noise(0, "initial-noise")
    for step, t in enumerate(scheduler.timesteps):
        negative, positive = unet(torch.cat([x, x]), t, encoder_hidden_states=embeds).sample.chunk(2)
        eps = negative + GUIDANCE * (positive - negative)
        x = scheduler.step(eps, t, x, eta=eta, variance_noise=noise(step, "step-noise") if eta else None).prev_sample
    images = vae.decode(x[0].permute(1, 0, 2, 3) / vae.config.scaling_factor).sample
    return (images / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1).mul(255).round().to(torch.uint8)


def adapted(pipeline, case, alpha):
    weights = {k.removeprefix("lora.unet."): v for k, v in load_file(case / "inputs.safetensors").items() if k.startswith("lora.")}
    config = LoraConfig(r=4, lora_alpha=alpha, target_modules=["to_q", "to_k", "to_v", "to_out.0"])
    model = get_peft_model(UNet3DConditionModel.from_pretrained(pipeline / "unet").eval(), config)
    result = set_peft_model_state_dict(model, {"base_model.model." + k: v for k, v in weights.items()})
    assert not result.unexpected_keys, result
    return model.eval()


def main():
    fixtures = pathlib.Path(sys.argv[1])
    case = fixtures / "cases/square"
    pipeline = case / "pipeline"
    base = UNet3DConditionModel.from_pretrained(pipeline / "unet").eval()
    made = {
        "base": frames(pipeline, base),
        "adapted": frames(pipeline, adapted(pipeline, case, 4)),
        "half": frames(pipeline, adapted(pipeline, case, 2)),
        "eta": frames(pipeline, base, eta=0.5),
    }
    save_file({k: v.contiguous() for k, v in made.items()}, fixtures / "generated.safetensors")
    for name, video in made.items():
        difference = (video.int() - made["base"].int()).abs().float()
        print(name, "mean", video.float().mean().item(), "from base", difference.mean().item(), difference.max().item())


if __name__ == "__main__":
    main()
