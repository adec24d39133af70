using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Running;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Spectre.Console;

namespace DiffusionMesh.Cli.Experiments;

/// <summary>Runs an experiment from its file to its report.</summary>
internal static class ExperimentRun
{
    private const int DescribeAttempts = 4;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ExperimentArguments arguments, Terminal terminal, Interruption interruption)
    {
        var experiment = ExperimentReader.Read(arguments.File);
        var folder = Path.GetFullPath(arguments.Output ?? Path.Combine("runs", experiment.Name));
        var verifiers = arguments.Target is null ? Hosts(experiment, arguments.File) : [];
        await using var mesh = await MeshAccess.OpenAsync(arguments.Target, verifiers, data: null, terminal, interruption);
        try
        {
            return await RunAsync(experiment, folder, arguments, mesh, terminal, interruption.Requested);
        }
        catch (RpcException error) when (!interruption.Requested.IsCancellationRequested)
        {
            throw mesh.Explain(error);
        }
    }

    private static async Task<int> RunAsync(
        ExperimentDefinition experiment, string folder, ExperimentArguments arguments, MeshAccess mesh, Terminal terminal, CancellationToken interrupted)
    {
        var description = await DescribeAsync(mesh, interrupted);
        var plan = Planner.Plan(experiment, description, arguments.File);
        using var store = arguments.DryRun ? null : RunStore.Open(Path.GetFullPath(arguments.Store ?? folder));
        var missing = plan.Runs.Where(run => store?.Find(run.Key) is null).ToArray();
        var execution = new RunExecution(mesh);
        var paces = await new Calibration(execution, plan).RunAsync(missing, interrupted);
        var estimate = Estimate.Of(missing, paces);
        Announce(plan, estimate, terminal);
        if (store is null)
        {
            return Finish(terminal, new ExperimentReceipt(folder, [], plan.Runs.Count, missing.Length, estimate.Time.TotalSeconds));
        }

        var failures = await RunMissingAsync(missing, estimate, new MatrixRun(
            execution, store, paces, new ExperimentProgress(experiment.Title, estimate, terminal)), experiment.Parallel, interrupted);
        terminal.Note("Measuring");
        var outcome = await new OutcomeCollector(plan, store, description).RunAsync(interrupted);
        var files = ExperimentFiles.Write(folder, outcome);
        var left = plan.Runs.Count(run => store.Find(run.Key) is null);
        Finish(terminal, new ExperimentReceipt(folder, files, plan.Runs.Count, left, estimate.Time.TotalSeconds));
        return failures.Count == 0
            ? ExitCode.Done
            : throw new CommandFailure(ExitCode.Failed, $"{failures.Count} searches failed, the first: {failures[0]}")
            {
                Remedy = $"The results of the others are in {folder}. Run the same command again to try what is missing.",
            };
    }

    /// <summary>Asks services that were only just started more than once: on a busy machine the first answer may come too late.</summary>
    private static async Task<DescribeMeshResponse> DescribeAsync(MeshAccess mesh, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await mesh.DescribeAsync(cancellationToken);
            }
            catch (CommandFailure) when (!mesh.IsRemote && attempt < DescribeAttempts)
            {
            }
        }
    }

    /// <summary>The verifiers to start: those that the experiment names, and the one that serves features.</summary>
    /// <exception cref="CommandFailure">It names one that does not come with dmesh.</exception>
    private static IEnumerable<string> Hosts(ExperimentDefinition experiment, string file)
    {
        var known = VerifierHost.All.Select(host => host.Name).ToArray();
        var problems = new YamlProblems(Path.GetFileName(file));
        foreach (var verifier in experiment.Verifiers.Where(verifier => !known.Contains(verifier.Name)))
        {
            problems.Add(verifier.Place, $"'{verifier.Name}' does not come with dmesh; known are: {string.Join(", ", known)}. Another one needs an orchestrator that knows it: --target ADDRESS");
        }

        problems.Throw();
        return experiment.Verifiers.Select(verifier => verifier.Name).Concat(known.Where(name => name == OutcomeCollector.FeatureHost));
    }

    private static async Task<IReadOnlyList<string>> RunMissingAsync(
        PlannedRun[] missing, Estimate estimate, MatrixRun matrix, int parallel, CancellationToken interrupted)
    {
        try
        {
            return estimate.Runs == 0 ? [] : await matrix.RunAsync(missing, parallel, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Interrupted, "interrupted; the runs that had ended are kept")
            {
                Remedy = "Run the same command again to go on.",
            };
        }
    }

    private static void Announce(ExperimentPlan plan, Estimate estimate, Terminal terminal)
    {
        var done = plan.Runs.Count - estimate.Runs;
        terminal.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Rows.Select(row => row.Cell).Distinct().Count()} cells, {SpecText.Count(plan.Rows.Count)} rows of results, {SpecText.Count(plan.Runs.Count)} runs, {SpecText.Count(done)} of them done before"));
        terminal.Note($"To do: {SpecText.Count(estimate.Runs)} runs, {SpecText.Count(estimate.Rows)} network rows, {SpecText.Count(estimate.Images)} images to score: "
            + string.Create(CultureInfo.InvariantCulture, $"about {estimate.Time.TotalHours:0.00} hours ({ProgressText.Clock(estimate.Time)})"));
    }

    private static int Finish(Terminal terminal, ExperimentReceipt receipt)
    {
        if (terminal.Json)
        {
            Terminal.WriteJson(Console.Out, receipt, SummaryJson.Legible.ExperimentReceipt);
            return ExitCode.Done;
        }

        foreach (var file in receipt.Files)
        {
            terminal.Results.WriteLine(Path.Combine(receipt.Directory, file));
        }

        return ExitCode.Done;
    }
}
