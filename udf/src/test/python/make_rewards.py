"""Writes what PyTorch, open_clip, torchvision and diffusers compute of rewards, for the models of make_fixtures.py's cases.

    python make_rewards.py CASES OUT      CASES: the folder cases/ that make_fixtures.py wrote; OUT: rewards/ beside it

Needs what make_fixtures.py needs, and torchvision.

OUT/linear.pth, mlp.pth     aesthetic heads of the structure of the published ones, saved as from a CUDA device
OUT/frames.safetensors      frame0..., (H, W, 3), uint8
OUT/prompts.json            a prompt for each frame
OUT/scores.safetensors      CASE.FIT.INTERPOLATION.clip, .linear and .mlp: the score of each frame
OUT/gradients.safetensors   CASE.TARGET.scores (b, S) and CASE.TARGET.gradient (b, 4, f, h, w): of the loss of
                            VideoReward with respect to the last latents of the case's chain, for the targets
                            sum = 0.7*hps-0.2*clip+0.3*mlp (hps: OpenCLIP, padded; the others: transformers, cropped), linear
                            and mlp alone (OpenCLIP, cropped)
"""
import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torchvision import transforms

from make_fixtures import MEAN, STD, preprocess, reward_tokens, write_json

SIZES = ((28, 28), (32, 32), (40, 23), (23, 41), (100, 37), (31, 90), (56, 56), (28, 17), (20, 20), (7, 9))
WIDTH = 12
SUM = dict(hps=0.7, clip=-0.2, mlp=0.3)
PROMPTS = [
    "A small dog is running on the grass.", "", "a red panda, surfing!  at Sunset \u2014 4k",
    "A small dog is running on the grass.", "\u5bcc\u58eb\u5c71 &amp; caf\u00e9", "two cats",
    "word " * 100, "a " * 73 + "cat sat on the mat, then it slept",
    "a very, very long prompt: " + ", ".join(f"detail {i} of the {i}th thing" for i in range(30)), "two cats"]


def heads(out):
    generator = torch.Generator().manual_seed(7)

    def layer(outputs, inputs):
        return (torch.randn(outputs, inputs, generator=generator) / inputs ** 0.5,
                torch.randn(outputs, generator=generator))

    weight, bias = layer(1, WIDTH)
    linear = {"weight": weight * 5, "bias": bias + 5}
    mlp, inputs = {}, WIDTH
    for index, outputs in ((0, 16), (2, 8), (4, 6), (6, 4), (7, 1)):
        mlp[f"layers.{index}.weight"], mlp[f"layers.{index}.bias"] = layer(outputs, inputs)
        inputs = outputs
    torch.serialization.register_package(0, lambda storage: "cuda:0", lambda storage, location: None)
    torch.save(linear, out / "linear.pth")
    torch.save(mlp, out / "mlp.pth")
    return linear, mlp


def apply_linear(head, features):
    return F.linear(features, head["weight"], head["bias"])[:, 0]


def apply_mlp(head, features):
    for index in (0, 2, 4, 6, 7):
        features = F.linear(features, head[f"layers.{index}.weight"], head[f"layers.{index}.bias"])
    return features[:, 0]


def make_frames():
    """Coarse patches under noise, so that resized frames differ in more than their mean."""
    generator = torch.Generator().manual_seed(3)
    frames = []
    for height, width in SIZES:
        coarse = torch.rand(1, 3, 5, 6, generator=generator)
        image = F.interpolate(coarse, size=(height, width), mode="nearest")[0] * 200
        noise = torch.rand(3, height, width, generator=generator) * 55
        frames.append((image + noise).byte().permute(1, 2, 0).contiguous())
    return frames


def transform(image, size, fit, interpolation):
    """(n, 3, H, W) in [0, 1] to (n, 3, size, size)."""
    if fit == "pad":
        return preprocess(image, size, interpolation)
    mode = transforms.InterpolationMode(interpolation)
    return transforms.Compose([
        transforms.Resize(size, interpolation=mode, antialias=True), transforms.CenterCrop(size),
        transforms.Normalize(MEAN, STD)])(image)


def open_clip_model(case):
    from open_clip.model import CLIP

    model = CLIP(**json.loads((case / "reward/config.json").read_text()), output_dict=True)
    model.load_state_dict(torch.load(case / "reward/HPS_v2.pt", weights_only=True)["state_dict"])
    return model.eval().requires_grad_(False)


def hugging_face_model(case):
    from transformers import CLIPModel

    return CLIPModel.from_pretrained(case / "reward/hf").float().eval().requires_grad_(False)


@torch.no_grad()
def scores(cases, frames, linear, mlp):
    result = {}
    for name in ("square", "wide", "tall"):
        model = open_clip_model(cases / name)
        text = F.normalize(model.encode_text(reward_tokens(PROMPTS)), dim=-1)
        size = model.visual.image_size[0]
        for fit in ("pad", "crop"):
            for interpolation in ("bicubic", "bilinear"):
                images = [transform(frame.permute(2, 0, 1)[None].contiguous().float() / 255, size, fit, interpolation)
                          for frame in frames]
                features = F.normalize(torch.cat([model.encode_image(image) for image in images]), dim=-1)
                key = f"{name}.{fit}.{interpolation}."
                result[key + "clip"] = (features * text).sum(-1)
                result[key + "linear"] = apply_linear(linear, features)
                result[key + "mlp"] = apply_mlp(mlp, features)
    return result


def gradients(cases, linear, mlp):
    from diffusers import AutoencoderKL

    result = {}
    for name in ("square", "wide"):
        case = json.loads((cases / name / "case.json").read_text())
        expected = load_file(cases / name / "expected.safetensors")
        index = load_file(cases / name / "inputs.safetensors")["frame_index"]
        half = (cases / name / "pipeline/vae/diffusion_pytorch_model.fp16.safetensors").exists()
        vae = AutoencoderKL.from_pretrained(cases / name / "pipeline/vae", variant="fp16" if half else None)
        vae = vae.float().eval().requires_grad_(False)
        hps, clip = open_clip_model(cases / name), hugging_face_model(cases / name)
        text = expected["reward.text_features"][:, None]

        def cosine(encode, frames, fit):
            images = transform(frames, case["image_size"], fit, case["interpolation"])
            return F.normalize(encode(images), dim=-1)

        def encode_clip(images):
            return clip.visual_projection(clip.vision_model(images).pooler_output)

        targets = dict(
            hps=lambda x: (cosine(hps.encode_image, x, "pad").unflatten(0, index.shape) * text).sum(-1),
            clip=lambda x: (cosine(encode_clip, x, "crop").unflatten(0, index.shape) * text).sum(-1),
            linear=lambda x: apply_linear(linear, cosine(hps.encode_image, x, "crop")).unflatten(0, index.shape),
            mlp=lambda x: apply_mlp(mlp, cosine(hps.encode_image, x, "crop")).unflatten(0, index.shape))
        targets["sum"] = lambda x: sum(factor * targets[term](x) for term, factor in SUM.items())
        tar = torch.exp(-(index - case["frames"] // 2).abs() * case["lambda_tar"])
        for target in ("sum", "linear", "mlp"):
            latents = expected["ddim.chain"][-1].clone().requires_grad_()
            chosen = torch.stack([latents[i][:, index[i]] for i in range(case["batch"])])
            chosen = chosen.permute(0, 2, 1, 3, 4).flatten(0, 1)
            frames = (vae.decode(chosen / vae.config.scaling_factor).sample * 0.5 + 0.5).clamp(0, 1)
            score = targets[target](frames)
            (1 - (tar * score).mean(1)).mean().backward()
            result[f"{name}.{target}.scores"] = score.detach()
            result[f"{name}.{target}.gradient"] = latents.grad
    return result


def main():
    cases, out = map(pathlib.Path, sys.argv[1:])
    torch.set_num_threads(1)
    out.mkdir(parents=True)
    linear, mlp = heads(out)
    frames = make_frames()
    save_file({f"frame{i}": frame for i, frame in enumerate(frames)}, out / "frames.safetensors")
    write_json(out / "prompts.json", PROMPTS)
    save_file(scores(cases, frames, linear, mlp), out / "scores.safetensors")
    save_file(gradients(cases, linear, mlp), out / "gradients.safetensors")


if __name__ == "__main__":
    main()
