"""Trains the demo's models: on the CPU, from nothing, into the files that the demo reads.

    python train.py all --out tinyworld              about two hours on two cores
    python train.py autoencoder --out tinyworld      one of them: autoencoder first, then reward or video

--out then holds pipeline and reward, as job/src/main/resources/instructvideo/job/demo does. Needs torch, diffusers and
transformers.

The committed weights were not made by this script as it stands, but by an earlier form of it, which was lost: the same models
and losses, trained in several phases on fresh clips, with the reward's faults added and the latents whitened in between. So this
script makes models of the same kind and not the same numbers. How well they follow the captions' motions, and what the demo
gains with them, has to be measured anew.
"""
import argparse
import pathlib

import torch

import autoencoder
import reward
import video

PARTS = {
    "autoencoder": (autoencoder.train, 20),
    "reward": (reward.train, 14),
    "heldout": (reward.train_held_out, 8),
    "video": (video.train, 65),
    "refine": (video.refine, 16),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["all", *PARTS])
    parser.add_argument("--out", type=pathlib.Path, required=True, help="directory of the models")
    parser.add_argument("--minutes", type=float, help="how long each part trains; the learning rate follows the clock")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    for part in PARTS if args.part == "all" else [args.part]:
        train, minutes = PARTS[part]
        train(args.out, args.minutes or minutes, args.seed)


if __name__ == "__main__":
    main()
