"""Captions: a template, a class name or synonym, and some of the attributes measured on the image."""

from dataclasses import dataclass

import numpy as np

from attributes import BOOT, LENGTH, PATTERN, TONE, WIDTH

# Per class: singular nouns, plural nouns.
NOUNS = (
    (("T-shirt", "tee", "top", "T-shirt/top"), ("T-shirts", "tees", "tops")),
    (("trouser", "pair of trousers", "pair of pants", "pair of slacks"), ("trousers", "pants", "slacks")),
    (("pullover", "sweater", "jumper", "sweatshirt"), ("pullovers", "sweaters", "jumpers", "sweatshirts")),
    (("dress", "gown", "frock"), ("dresses", "gowns", "frocks")),
    (("coat", "jacket", "overcoat", "parka"), ("coats", "jackets", "overcoats", "parkas")),
    (("sandal", "open sandal", "pair of sandals"), ("sandals",)),
    (("shirt", "blouse", "button shirt"), ("shirts", "blouses")),
    (("sneaker", "trainer", "running shoe", "tennis shoe", "gym shoe", "pair of sneakers"),
     ("sneakers", "trainers", "running shoes")),
    (("bag", "handbag", "purse", "satchel", "tote bag"), ("bags", "handbags", "purses")),
    (("ankle boot", "boot", "bootie", "pair of boots", "pair of ankle boots"), ("ankle boots", "boots", "booties")),
)
ADJECTIVES = {
    (TONE, 1): ("light", "light", "bright", "pale"),
    (TONE, -1): ("dark", "dark", "deep", "dusky"),
    (PATTERN, 1): ("patterned", "patterned", "printed", "textured", "decorated"),
    (PATTERN, -1): ("plain", "plain", "simple", "solid", "unpatterned"),
    (WIDTH, 1): ("wide", "wide", "broad", "roomy"),
    (WIDTH, -1): ("narrow", "narrow", "slim", "thin", "slender"),
}
SLEEVES = {1: ("with long sleeves", "with a long sleeve"), -1: ("with short sleeves", "with a short sleeve")}
SHAFT = {1: ("with a long shaft", "with a tall shaft", "with a high shaft"),
         -1: ("with a short shaft", "with a low shaft")}
TEMPLATES = (
    "a photo of {a}", "a photo of {a}", "a photo of {a}", "a photo of {the}", "photo of {a}", "a photo depicts {a}",
    "a picture of {a}", "a picture of {the}", "an image of {a}", "an image of {the}", "a photograph of {a}",
    "{a}", "{a}", "{the}", "{bare}", "this is {a}", "here is {a}", "it is {a}", "one {bare}", "my {bare}",
    "a studio photo of {a}", "a product photo of {a}", "a catalogue picture of {a}", "a catalog picture of {a}",
    "a black and white photo of {a}", "a grayscale image of {a}", "a small photo of {a}", "a good photo of {a}",
    "a close photo of {a}", "a clean picture of {a}", "fashion photo of {a}", "a fashion image of {a}",
    "{a} on a black background", "{a} in front of a black background", "a photo of {a} from the side",
)
PLURAL_TEMPLATES = (
    "a photo of {bare}", "a picture of {bare}", "an image of {bare}", "{bare}", "some {bare}", "these are {bare}",
    "photos of {bare}", "a photo of the {bare}",
)

# Pairs of attributes that no training caption of the class mentions together, so that prompts can ask for the unseen.
HELD_OUT = (
    (0, {PATTERN: -1, WIDTH: 1}),
    (1, {TONE: -1, WIDTH: -1}),
    (2, {PATTERN: 1, WIDTH: -1}),
    (3, {TONE: -1, PATTERN: 1}),
    (4, {TONE: 1, WIDTH: -1}),
    (5, {TONE: -1, WIDTH: 1}),
    (6, {TONE: 1, LENGTH: -1}),
    (7, {TONE: 1, PATTERN: 1}),
    (8, {TONE: -1, WIDTH: 1}),
    (9, {TONE: 1, LENGTH: 1}),
)


@dataclass(frozen=True)
class Caption:
    text: str
    mentioned: np.ndarray  # int8 [4]: the attributes that the text mentions, 0 elsewhere


def is_held_out(label: int, mentioned: np.ndarray) -> bool:
    return any(label == c and all(mentioned[a] == v for a, v in pair.items()) for c, pair in HELD_OUT)


def _choose(generator: np.random.Generator, options):
    return options[int(generator.random() * len(options))]


def _mention(generator: np.random.Generator, label: int, attributes: np.ndarray) -> np.ndarray:
    """A random part of an image's attributes, int8 [4]; of a held-out pair one is left out."""
    rate = _choose(generator, (0.0, 0.5, 0.5, 0.5, 1.0))
    mentioned = np.where(generator.random(4) < rate, attributes, 0).astype(np.int8)
    for c, pair in HELD_OUT:
        if label == c and all(mentioned[a] == v for a, v in pair.items()):
            mentioned[_choose(generator, tuple(pair))] = 0
    return mentioned


def phrase(generator: np.random.Generator, label: int, mentioned: np.ndarray, plural: bool) -> str:
    """Adjectives in random order, a noun, then the sleeves or the shaft, without an article."""
    words = [_choose(generator, ADJECTIVES[a, mentioned[a]]) for a in generator.permutation(3) if mentioned[a]]
    words.append(_choose(generator, NOUNS[label][int(plural)]))
    if mentioned[LENGTH]:
        words.append(_choose(generator, (SHAFT if label == BOOT else SLEEVES)[mentioned[LENGTH]]))
    return " ".join(words)


def write(generator: np.random.Generator, label: int, attributes: np.ndarray) -> Caption:
    """A caption for an image of the class with these attributes, int8 [4]."""
    mentioned = _mention(generator, label, attributes)
    plural = generator.random() < 0.15
    bare = phrase(generator, label, mentioned, plural)
    article = "an" if bare[0] in "aeiou" else "a"
    template = _choose(generator, PLURAL_TEMPLATES if plural else TEMPLATES)
    return Caption(template.format(a=f"{article} {bare}", the=f"the {bare}", bare=bare), mentioned)
