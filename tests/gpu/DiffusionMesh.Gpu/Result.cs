using System.Text.Json;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Gpu;

/// <summary>What was found, for the table.</summary>
/// <param name="Determinism">Of batches of up to 32 rows.</param>
/// <param name="Difference">Largest difference from the processor's predictions, as a part of the largest prediction.</param>
/// <param name="Speed">Shortest times by way to run.</param>
internal sealed record Result(
    string Model, string ComputeClass, string Determinism, double Difference, IReadOnlyDictionary<string, IReadOnlyList<BatchPoint>> Speed)
{
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };
}
