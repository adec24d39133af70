"""Writes the measured figures, taken from the manifests, into models/README.md and the short of them into README.md."""

from pathlib import Path

import fit_amed
import flows
import manifest

DENOISERS = (*(flow.name for flow in flows.ALL), flows.VP)
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def _default_guidance(name: str, quality: dict) -> list[str]:
    rows = (("real images", quality["real_images"]), ("guidance 1", quality["guidance_1"]),
            (f"guidance {quality['default_guidance']['guidance']} (default)", quality["default_guidance"]))
    lines = [
        f"{name}, {quality['samples']} samples of {quality['sampler']}, {quality['steps']} steps"
        + (f" of schedule {quality['schedule']}, " if "schedule" in quality else ", ") +
        "classes asked for by label:", "",
        "| | FID (fashion-features) | precision | recall | nearest training image | class accuracy |",
        "|---|---|---|---|---|---|",
    ]
    for title, row in rows:
        accuracy = f"{row['class_accuracy']:.1%}" if "class_accuracy" in row else ""
        lines.append(f"| {title} | {row['fid_fashion_features']:.2f} | {row['precision']:.3f} | {row['recall']:.3f} "
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


def _flow(name: str, read: dict) -> list[str]:
    quality, row = read["quality"], read["cost"]["flops_per_row"]
    lines = [*_default_guidance(name, quality), "", *_sweep(quality), "", *_prompts(quality["prompts"]), "",
             f"A row of {name} costs {row / 1e6:.1f} MFLOP (multiply-adds times two)."]
    if found := quality.get("reconstruction"):
        lines += ["", f"Its autoencoder, 1,000 test images there and back: mean absolute error "
                      f"{found['mean_absolute_error']}, root mean square {found['root_mean_square_error']} (black is -1, "
                      f"white 1), FID (fashion-features) {found['fid_fashion_features']:.2f}."]
    if choices := quality.get("choices"):
        lines += ["", *_choices(name, choices, quality)]
    return lines


def _choices(name: str, rows: list[dict], quality: dict) -> list[str]:
    schedules = list(dict.fromkeys(row["schedule"] for row in rows))
    lines = [f"{name}, FID (fashion-features) of {quality['samples']} samples of {rows[0]['steps']} steps at guidance "
             f"{quality['default_guidance']['guidance']} by sampler and schedule:", "",
             "| | " + " | ".join(schedules) + " |", "|---" * (len(schedules) + 1) + "|"]
    for sampler in dict.fromkeys(row["sampler"] for row in rows):
        lines.append(f"| {sampler} | " + " | ".join(
            f"{row['fid_fashion_features']:.2f}" for row in rows if row["sampler"] == sampler) + " |")
    return lines


def _few_evaluations(name: str, found: dict) -> list[str]:
    teacher, *rows = found["rows"]
    budgets = list(dict.fromkeys(row["nfe"] for row in rows))
    lines = [f"{name} at few evaluations (NFE), {found['samples']} samples at guidance {found['guidance']}: FID "
             "(fashion-features), and in brackets how far the states end from the teacher's (root mean square of a number, "
             f"mean over samples). The teacher, heun with {teacher['nfe']} evaluations, has "
             f"{teacher['fid_fashion_features']:.2f}.", "",
             "| | " + " | ".join(f"{nfe} NFE" for nfe in budgets) + " |", "|---" * (len(budgets) + 1) + "|"]
    for sampler in dict.fromkeys(row["sampler"] for row in rows):
        title = "euler, ddim" if sampler == "euler" else sampler
        lines.append(f"| {title} | " + " | ".join(
            f"{row['fid_fashion_features']:.2f} ({row['distance_to_teacher']:.3f})"
            for row in rows if row["sampler"] == sampler) + " |")
    return lines


def _dino(quality: dict) -> str:
    return (f"fashion-dino: {quality['linear_probe_accuracy']:.2%} of the test images by the linear head, "
            f"{quality['knn_accuracy']:.2%} by the {quality['knn_neighbours']} nearest training images.")


def _aesthetic(quality: dict) -> list[str]:
    lines = [
        f"fashion-aesthetic, {quality['test_images']} test images, how often the better one scores higher:", "",
        "| degradation | pristine over weak | pristine over strong | weak over strong | pristine over strong, another image |",
        "|---|---|---|---|---|",
    ]
    for group, title in (("seen", "trained on"), ("held_out", "held out")):
        rows = {f"**{title}, mean**": quality[group]["mean"]} | quality[group]["kinds"]
        lines += [f"| {name.replace('_', ' ')} | " + " | ".join(f"{share:.1%}" for share in row.values()) + " |"
                  for name, row in rows.items()]
    return lines


def write(models: Path) -> None:
    read = {name: manifest.read(models / name) for name in ("fashion-features", "fashion-clip", "fashion-dino",
                                                            "fashion-aesthetic", *DENOISERS)}
    clip = read["fashion-clip"]["quality"]
    retrieval = ", ".join(f"{name} {share:.1%}" for name, share in clip["attribute_retrieval"].items())
    lines = [
        f"fashion-features: {read['fashion-features']['quality']['test_accuracy']:.2%} of the test images.", "",
        f"fashion-clip: {clip['zero_shot_accuracy']:.2%} of the test images by prompts of the classes; "
        f"the right one of two opposite attributes: {retrieval}.", "",
        _dino(read["fashion-dino"]["quality"]), "", *_aesthetic(read["fashion-aesthetic"]["quality"]),
    ]
    for name in DENOISERS:
        lines += ["", *_flow(name, read[name])]
        if (models / name / fit_amed.FILE).exists():
            lines += ["", *_few_evaluations(name, fit_amed.read(models / name))]
    _replace(models / "README.md", lines)
    _replace(models.parent / "README.md", _default_guidance(flows.LARGE.name, read[flows.LARGE.name]["quality"]))


def _replace(readme: Path, lines: list[str]) -> None:
    before, rest = readme.read_text().split(BEGIN)
    readme.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.split(END)[1]}")
