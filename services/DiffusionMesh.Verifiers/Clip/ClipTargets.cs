using System.Collections.Concurrent;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Clip;

/// <summary>What images are compared with: embeddings of prompts, and of classes by their prompts.</summary>
internal sealed class ClipTargets
{
    private const int MaxPrompts = 1024;

    private readonly ConcurrentDictionary<string, float[]> _prompts = new(StringComparer.Ordinal);
    private readonly ClipTowers _towers;
    private readonly float[][] _classes;

    /// <exception cref="ModelLoadException">A prompt of a class is not understood.</exception>
    public ClipTargets(ClipTowers towers, IReadOnlyList<ClassPrompts> classes)
    {
        _towers = towers;
        _classes = [.. classes.Select(ClassEmbedding)];
    }

    /// <summary>The embedding, [D], of a valid condition.</summary>
    public float[] Of(Condition? condition) => condition switch
    {
        Condition.Prompt prompt => OfPrompt(prompt.Text),
        Condition.ClassLabel label => _classes[label.Index],
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "not a condition to compare with"),
    };

    private float[] OfPrompt(string text)
    {
        if (_prompts.TryGetValue(text, out var known))
        {
            return known;
        }

        // A search asks for one prompt again and again; forgetting all of them now and then costs next to nothing.
        if (_prompts.Count >= MaxPrompts)
        {
            _prompts.Clear();
        }

        return _prompts.GetOrAdd(text, _towers.EmbedText);
    }

    // The mean of the unit embeddings of its prompts; its length is taken out by the cosine.
    private float[] ClassEmbedding(ClassPrompts named)
    {
        var mean = new double[_towers.Dimension];
        foreach (var prompt in named.Prompts)
        {
            if (_towers.Problem(prompt) is { } problem)
            {
                throw new ModelLoadException($"the prompt '{prompt}' of class '{named.Name}' {problem}");
            }

            var embedding = _towers.EmbedText(prompt);
            var length = Math.Sqrt(Cosine.Dot(embedding, embedding));
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += embedding[i] / length / named.Prompts.Count;
            }
        }

        return [.. mean.Select(value => (float)value)];
    }
}
