namespace DiffusionMesh.Diffusion;

/// <summary>What a sample should show. Where a condition is optional, null means "no condition".</summary>
public abstract record Condition
{
    private Condition()
    {
    }

    /// <summary>A text, as the user wrote it.</summary>
    public sealed record Prompt(string Text) : Condition;

    /// <summary>An index into the class names of a model, from 0.</summary>
    public sealed record ClassLabel(int Index) : Condition;
}
