"""Writes what open_clip scores the clips of fixtures/video: `make_scores.py FIXTURES`, the folder that holds cases/ and video/.

FIXTURES/scores.json: for each clip the scores of its three frames, by the case square's reward (OpenCLIP weights, HPSv2's
transform, bicubic) for the prompt in it. The pixels are those of NAME.rgb, ffmpeg's own. Needs what make_rewards.py needs.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

from make_fixtures import preprocess, reward_tokens, write_json
from make_rewards import open_clip_model

PROMPT = "a cat walking, at Sunset"


@torch.no_grad()
def main():
    fixtures = pathlib.Path(sys.argv[1])
    model = open_clip_model(fixtures / "cases/square")
    text = F.normalize(model.encode_text(reward_tokens([PROMPT])), dim=-1)
    scores = {}
    for file in sorted((fixtures / "video").glob("*.rgb")):
        name = file.name.removesuffix(".rgb")
        if name == "resize":
            continue
        height, width = (25, 33) if "odd" in name else (24, 32)
        frames = np.frombuffer(file.read_bytes(), np.uint8).reshape(-1, height, width, 3)
        images = torch.tensor(frames.copy()).permute(0, 3, 1, 2).contiguous().float() / 255
        features = F.normalize(model.encode_image(preprocess(images, model.visual.image_size[0], "bicubic")), dim=-1)
        scores[name] = (features * text).sum(-1).tolist()
    write_json(fixtures / "scores.json", {"prompt": PROMPT, "scores": scores}, indent=1)


if __name__ == "__main__":
    main()
