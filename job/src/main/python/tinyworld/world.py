"""The tiny world: captioned clips of one coloured shape that moves over white.

Clips are (frames, 3, SIZE, SIZE) in [0, 1], drawn when they are needed. The caption, such as "a red circle moving left", says
colour, shape and motion; place and size vary a little. The demo draws its clips by the same rules (Subject, ClipRenderer,
WebQuality), from other random numbers.
"""
import random
from typing import NamedTuple

import torch
import torch.nn.functional as F

SIZE = 32
FRAMES = 8
COLOURS = {
    "red": (0.90, 0.10, 0.10),
    "green": (0.10, 0.70, 0.20),
    "blue": (0.12, 0.25, 0.90),
    "yellow": (0.97, 0.87, 0.10),
    "purple": (0.60, 0.15, 0.70),
}
SHAPES = ("circle", "triangle", "cross")
MOTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}

# More words than the captions have: the committed tokenizers were made for these.
WORDS = (
    "a an on background red green blue yellow purple orange circle square triangle cross moving left right up down growing "
    "white black gray"
).split()


class Subject(NamedTuple):
    """What a clip shows."""

    colour: str
    shape: str
    motion: str

    @property
    def caption(self):
        return f"a {self.colour} {self.shape} moving {self.motion}"

    @property
    def held_out(self):
        """Whether no training clip shows it: so for one motion of every coloured shape."""
        shift = list(COLOURS).index(self.colour) + SHAPES.index(self.shape)
        return self.motion == list(MOTIONS)[shift % len(MOTIONS)]


SUBJECTS = [Subject(c, s, m) for c in COLOURS for s in SHAPES for m in MOTIONS]
TRAINING = [subject for subject in SUBJECTS if not subject.held_out]
HELD_OUT = [subject for subject in SUBJECTS if subject.held_out]


def distance(shape, dx, dy, radius):
    """The signed distance from a shape's edge, below 0 inside."""
    x, y = dx.abs(), dy.abs()
    if shape == "circle":
        return (dx**2 + dy**2).sqrt() - 0.9 * radius
    if shape == "triangle":
        return torch.maximum(0.87 * x - 0.5 * (dy + radius), dy - 0.75 * radius)
    upright = torch.maximum(x - 0.33 * radius, y - radius)
    return torch.minimum(upright, torch.maximum(y - 0.33 * radius, x - radius))


def draw(subjects, generator):
    """Clips without a fault: (n, FRAMES, 3, SIZE, SIZE)."""
    n = len(subjects)

    def vary(*shape):
        return 2 * torch.rand(n, *shape, generator=generator) - 1

    way = torch.tensor([MOTIONS[s.motion] for s in subjects]).float()[:, None]
    time = torch.linspace(-1, 1, FRAMES)[None, :, None]
    centre = SIZE / 2 + 1.5 * vary(1, 2) + way * time * (6.5 + 0.5 * vary(1, 1))
    radius = 7.8 + 0.5 * vary(1, 1, 1)
    at = torch.arange(SIZE) + 0.5
    dx = at[None, None, None, :] - centre[..., 0, None, None]
    dy = at[None, None, :, None] - centre[..., 1, None, None]
    edges = [distance(s.shape, dx[i], dy[i], radius[i]) for i, s in enumerate(subjects)]
    alpha = (0.5 - torch.stack(edges)).clamp(0, 1)[:, :, None]
    return 1 + alpha * (inks(subjects)[:, None] - 1)


def inks(subjects):
    """The shapes' colours: (n, 3, 1, 1)."""
    return torch.tensor([COLOURS[s.colour] for s in subjects])[:, :, None, None]


def blur(clips, sigma, reach=5):
    """A Gaussian blur with a standard deviation, in pixels, for each clip."""
    n, frames, channels, height, width = clips.shape
    at = torch.arange(-reach, reach + 1).float()
    kernels = torch.exp(-(at**2) / (2 * sigma.clamp(min=0.05)[:, None] ** 2))
    kernels = (kernels / kernels.sum(1, keepdim=True)).repeat_interleave(frames * channels, 0)
    planes = n * frames * channels
    x = F.pad(clips.reshape(1, planes, height, width), (reach,) * 4, mode="replicate")
    x = F.conv2d(x, kernels[:, None, None, :], groups=planes)
    return F.conv2d(x, kernels[:, None, :, None], groups=planes).view(clips.shape)


def spoil(clips, strengths, generator):
    """Fades towards grey, blurs and adds blotches, as far as strengths, (n, 3) in [0, 1], say."""
    n, frames, channels, height, width = clips.shape
    fade, soft, blotch = strengths.view(n, 3, 1, 1, 1, 1).unbind(1)
    x = blur(clips, 1.8 * soft.flatten())
    x = x + 0.75 * fade * (0.5 - x)
    coarse = torch.randn(n * frames, channels, height // 4, width // 4, generator=generator)
    noise = F.interpolate(coarse, (height, width), mode="bilinear").view_as(x)
    noise = noise + 0.5 * torch.randn(x.shape, generator=generator)
    return (x + 0.07 * blotch * noise).clamp(0, 1)


def web_strengths(n, generator, clean=0.3):
    """Strengths as the web has them: a share `clean` without a fault; of the others 80 % faded, 50 % blurred, 40 % blotchy."""
    r = torch.rand(n, 7, generator=generator)
    return (0.2 + 0.8 * r[:, :3]) * (r[:, 3:6] < torch.tensor([0.8, 0.5, 0.4])) * (r[:, 6:] >= clean)


class World:
    """Clips without end; the seed decides them."""

    def __init__(self, subjects, seed, clean=0.3):
        self.subjects = subjects
        self.clean = clean
        self.choice = random.Random(seed)
        self.generator = torch.Generator().manual_seed(seed)

    def batch(self, n):
        """n subjects, clips of them as the web has them, and the same clips without a fault."""
        subjects = self.choice.choices(self.subjects, k=n)
        clean = draw(subjects, self.generator)
        strengths = web_strengths(n, self.generator, self.clean)
        return subjects, spoil(clean, strengths, self.generator), clean
