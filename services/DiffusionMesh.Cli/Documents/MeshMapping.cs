using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Cli.Documents;

/// <summary>Writes what a mesh serves as a document.</summary>
internal static class MeshMapping
{
    public static MeshDocument ToDocument(this DescribeMeshResponse mesh) => new(
        [.. mesh.Models.Select(ToSection)],
        [.. mesh.Verifiers.Select(ToSection)],
        [.. mesh.Algorithms.Select(algorithm => new AlgorithmSection(
            algorithm.Name,
            algorithm.Description,
            [.. algorithm.Parameters.Select(parameter => new AlgorithmParameterSection(
                parameter.Name, parameter.Description, parameter.DefaultValue))]))]);

    public static VerifierSection ToSection(this Verifier verifier, string name) => new()
    {
        Name = name,
        Minimum = verifier.Minimum,
        Maximum = verifier.Maximum,
        RealMean = verifier.HasRealMean ? verifier.RealMean : null,
        RealStandardDeviation = verifier.HasRealStandardDeviation ? verifier.RealStandardDeviation : null,
        HigherIsBetter = verifier.HigherIsBetter,
        Description = verifier.Description,
    };

    public static ModelSection ToSection(this Model model) => new()
    {
        Name = model.Name,
        Version = model.Version,
        State = SearchDocumentMapping.SnakeCase(model.State),
        Error = SearchDocumentMapping.NullIfEmpty(model.Error),
        Digest = model.Digest,
        Form = model.Form,
        Prediction = model.Prediction,
        LatentShape = [.. model.LatentShape],
        ImageShape = [.. model.ImageShape],
        Classes = [.. model.Classes],
        AcceptsPrompt = model.AcceptsPrompt,
        Samplers = [.. model.Samplers],
        Defaults = model.Defaults is { } defaults
            ? new SamplingDefaultsSection(defaults.Sampler, defaults.Steps, defaults.Guidance)
            : null,
        ComputeClass = model.ComputeClass,
        Determinism = model.Determinism == Determinism.Unspecified ? null : SearchDocumentMapping.SnakeCase(model.Determinism),
        BatchCurve = [.. model.BatchCurve.Select(point => new BatchPointSection(point.Rows, point.Seconds))],
        Description = model.Description,
        License = model.License,
    };

    private static ServedVerifierSection ToSection(VerifierStatus status) => new()
    {
        Name = status.Name,
        Address = status.Address,
        Error = SearchDocumentMapping.NullIfEmpty(status.Error),
        Version = status.Verifier?.Version,
        WeightsDigest = status.Verifier?.WeightsDigest,
        Scores = status.Verifier?.ToSection(status.Name),
        Conditions = [.. (status.Verifier?.ConditionKinds ?? []).Select(SearchDocumentMapping.SnakeCase)],
    };
}
