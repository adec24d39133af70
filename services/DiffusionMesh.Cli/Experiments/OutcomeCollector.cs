using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Experiments;

/// <summary>Gathers what came out: scores that searches did not need, features, metrics. Nothing of it costs NFE.</summary>
internal sealed class OutcomeCollector(ExperimentPlan plan, RunStore store, DescribeMeshResponse mesh)
{
    /// <summary>The verifier whose host also serves features.</summary>
    public const string FeatureHost = "oracle";

    private readonly List<string> _notes = [];

    public async Task<ExperimentOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var rows = RowBuilder.Build(plan, store);
        if (rows.Count < plan.Rows.Count)
        {
            _notes.Add($"{plan.Rows.Count - rows.Count} of {plan.Rows.Count} rows are missing.");
        }

        foreach (var (name, verifier) in plan.Mesh.Verifiers)
        {
            rows = await FillAsync(rows, name, verifier, cancellationToken);
        }

        var features = await FeaturesAsync(cancellationToken);
        if (features is not null)
        {
            rows = await features.AddToAsync(rows, store, cancellationToken);
        }

        return new ExperimentOutcome(plan, rows, Measurement.Run(plan, rows, features), features, _notes, store);
    }

    private async Task<IReadOnlyList<RunRow>> FillAsync(IReadOnlyList<RunRow> rows, string name, Verifier verifier, CancellationToken cancellationToken)
    {
        var lacking = rows.Count(row => !row.Scores.ContainsKey(name));
        if (lacking == 0 || !ScoreFill.CanScore(verifier))
        {
            return rows;
        }

        try
        {
            using var channel = MeshChannel.Open(AddressOf(name));
            return await ScoreFill.AddToAsync(rows, name, verifier, new VerifierService.VerifierServiceClient(channel), store, cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            _notes.Add($"{lacking} samples have no score by '{name}': it cannot be reached from here ({error.Status.Detail}).");
            return rows;
        }
    }

    private async Task<FeatureSource?> FeaturesAsync(CancellationToken cancellationToken)
    {
        if (mesh.Verifiers.All(verifier => verifier.Name != FeatureHost))
        {
            _notes.Add($"There are no FID, IS, precision, recall and class probability: they need the verifier '{FeatureHost}', which serves features.");
            return null;
        }

        try
        {
            var channel = MeshChannel.Open(AddressOf(FeatureHost));
            return await FeatureSource.OpenAsync(new FeatureService.FeatureServiceClient(channel), cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            _notes.Add($"There are no FID, IS, precision, recall and class probability: the features of '{FeatureHost}' cannot be had from here ({error.Status.Detail}).");
            return null;
        }
    }

    private string AddressOf(string verifier) => mesh.Verifiers.First(status => status.Name == verifier).Address;
}
