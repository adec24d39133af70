"""Writes the measured figures, taken from the manifests, into models/README.md and the short of them into README.md."""

import json
from pathlib import Path

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def _quality(models: Path, name: str) -> dict:
    return json.loads((models / name / "manifest.json").read_text())["quality"]


def _default_guidance(quality: dict) -> list[str]:
    rows = (("real images", quality["real_images"]), ("guidance 1", quality["guidance_1"]),
            (f"guidance {quality['default_guidance']['guidance']} (default)", quality["default_guidance"]))
    lines = [
        f"fashion-flow, {quality['samples']} samples of {quality['sampler']}, {quality['steps']} steps, "
        "classes asked for by label:", "",
        "| | FID (fashion-features) | precision | recall | nearest training image | class accuracy |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in rows:
        accuracy = f"{row['class_accuracy']:.1%}" if "class_accuracy" in row else ""
        lines.append(f"| {name} | {row['fid_fashion_features']:.2f} | {row['precision']:.3f} | {row['recall']:.3f} "
                     f"| {row['nearest_training_image']:.2f} | {accuracy} |")
    return lines


def _sweep(quality: dict) -> list[str]:
    lines = ["| guidance | " + " | ".join(str(row["guidance"]) for row in quality["sweep"]) + " |",
             "|---" * (len(quality["sweep"]) + 1) + "|"]
    for title, key, form in (("FID (fashion-features)", "fid_fashion_features", ".2f"),
                             ("class accuracy", "class_accuracy", ".1%"), ("recall", "recall", ".3f")):
        lines.append(f"| {title} | " + " | ".join(format(row[key], form) for row in quality["sweep"]) + " |")
    return lines


def _prompts(prompts: dict) -> list[str]:
    asked = prompts["attribute_accuracy"]
    return [
        f"The 50 prompts, {prompts['samples_per_prompt']} samples each at guidance {prompts['guidance']}:", "",
        "| | seen combinations | unseen combinations |", "|---|---|---|",
        "| class | " + " | ".join(f"{prompts['class_accuracy'][key]:.1%}" for key in ("seen", "unseen")) + " |",
        "| attributes | " + " | ".join(f"{asked[key]:.1%}" for key in ("seen", "unseen")) + " |", "",
        "By attribute: " + ", ".join(f"{name} {share:.1%}" for name, share in asked.items()
                                     if name not in ("seen", "unseen")) + ".",
    ]


def write(models: Path) -> None:
    clip, flow = _quality(models, "fashion-clip"), _quality(models, "fashion-flow")
    retrieval = ", ".join(f"{name} {share:.1%}" for name, share in clip["attribute_retrieval"].items())
    lines = [
        f"fashion-features: {_quality(models, 'fashion-features')['test_accuracy']:.2%} of the test images.", "",
        f"fashion-clip: {clip['zero_shot_accuracy']:.2%} of the test images by prompts of the classes; "
        f"the right one of two opposite attributes: {retrieval}.", "",
        *_default_guidance(flow), "", *_sweep(flow), "", *_prompts(flow["prompts"]),
    ]
    _replace(models / "README.md", lines)
    _replace(models.parent / "README.md", _default_guidance(flow))


def _replace(readme: Path, lines: list[str]) -> None:
    before, rest = readme.read_text().split(BEGIN)
    readme.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.split(END)[1]}")
