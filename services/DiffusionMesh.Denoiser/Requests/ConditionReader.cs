using DiffusionMesh.Contracts;
using DiffusionMesh.Denoiser.Models;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Text;
using ConditionMessage = DiffusionMesh.Contracts.TensorV1.Condition;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Reads the conditions of one call. Most trajectories of a call share theirs: each is checked and embedded once.</summary>
internal sealed class ConditionReader(ServedModel served)
{
    private readonly Dictionary<string, TokenizedPrompt> _prompts = new(StringComparer.Ordinal);

    /// <summary>Checks a condition.</summary>
    /// <returns>The condition; null if there is none or a violation was added.</returns>
    public Condition? Read(ConditionMessage? message, string field, FieldViolations violations)
    {
        var condition = ConditionMapping.ToDomain(message, field, violations);
        switch (condition)
        {
            case Condition.Prompt prompt:
                CheckPrompt(prompt.Text, field + ".prompt", violations);
                break;

            case Condition.ClassLabel label:
                var classes = served.Model.Manifest.Conditioning.Classes;
                violations.Require(
                    classes is not null && label.Index < classes.Count,
                    field + ".class_label",
                    classes is null ? "cannot be followed: this model takes no class" : $"is {label.Index}; this model knows the classes 0 to {classes.Count - 1}");
                break;
        }

        return condition;
    }

    /// <summary>The condition as the network takes it; only after it was read without a violation.</summary>
    public ConditionEmbedding Embed(Condition? condition) => condition switch
    {
        Condition.Prompt prompt => served.Prompts.Embed(prompt.Text, _prompts[prompt.Text]),
        Condition.ClassLabel label => served.Model.EmbedClass(label.Index),
        _ => served.Model.Unconditional,
    };

    private void CheckPrompt(string text, string field, FieldViolations violations)
    {
        if (served.Model.Tokenizer is not { } tokenizer)
        {
            violations.Add(field, "cannot be followed: this model takes no prompt");
            return;
        }

        // A prompt that is too long to be read was reported already.
        if (text.Length > ConditionMapping.MaxPromptLength)
        {
            return;
        }

        if (!_prompts.TryGetValue(text, out var prompt))
        {
            _prompts[text] = prompt = tokenizer.Encode(text);
        }

        violations.Require(prompt.Problem is null, field, prompt.Problem ?? "");
    }
}
