namespace DiffusionMesh.Functional.Tests.Orchestrator.Balancing;

/// <summary>A source of chance that says what the test wrote, then zeros.</summary>
internal sealed class ScriptedRandom(params int[] script) : Random
{
    private readonly Queue<int> _script = new(script);

    public override int Next(int maxValue) => _script.TryDequeue(out var next) ? next : 0;
}
