using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>What a sample should show.</summary>
/// <param name="Number">Place among the experiment's conditions, from 0.</param>
/// <param name="Label">What results call it.</param>
/// <param name="Prompt">Null for a class.</param>
/// <param name="ClassLabel">The class asked for, or the one that the prompt speaks of; null if that is not known.</param>
internal sealed record ExperimentCondition(int Number, string Label, string? Prompt, int? ClassLabel)
{
    public Condition ToMessage() => Prompt is null ? new Condition { ClassLabel = ClassLabel!.Value } : new Condition { Prompt = Prompt };
}
