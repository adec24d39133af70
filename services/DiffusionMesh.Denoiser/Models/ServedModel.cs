using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>A model that is ready, with the loop that runs it.</summary>
internal sealed class ServedModel(DiffusionModel model, StepEngine engine, string computeClass, int promptCacheSize) : IDisposable
{
    public DiffusionModel Model { get; } = model;

    public StepEngine Engine { get; } = engine;

    public string ComputeClass { get; } = computeClass;

    public PromptCache Prompts { get; } = new(model, promptCacheSize);

    public void Dispose() => Engine.Dispose();
}
