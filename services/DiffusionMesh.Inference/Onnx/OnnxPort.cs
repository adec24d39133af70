using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionMesh.Inference.Onnx;

/// <summary>An input or output as the manifest calls for it.</summary>
/// <param name="Name">Null if any will do.</param>
/// <param name="Element">Type of its elements.</param>
/// <param name="Shape">Sizes at the trained resolution, which the network may fix; null where it must take any.</param>
internal sealed record OnnxPort(string? Name, TensorElementType Element, params int?[] Shape)
{
    /// <exception cref="ModelLoadException">The network has other inputs or outputs.</exception>
    public static void Require(OnnxModel network, string role, IReadOnlyList<OnnxPort> inputs, OnnxPort output)
    {
        if (!inputs.Select(port => port.Name!).ToHashSet(StringComparer.Ordinal).SetEquals(network.Inputs.Keys))
        {
            throw new ModelLoadException(
                $"components.{role} takes the inputs {string.Join(", ", network.Inputs.Keys)}, but the manifest calls for {string.Join(", ", inputs.Select(port => port.Name))}");
        }

        if (network.Outputs.Count != 1)
        {
            throw new ModelLoadException($"components.{role} must have one output, not {string.Join(", ", network.Outputs.Keys)}");
        }

        foreach (var port in inputs)
        {
            port.Require(role, "input", port.Name!, network.InputTypes[port.Name!]);
        }

        var (name, type) = network.OutputTypes.Single();
        if (output.Name is { } expected && expected != name)
        {
            throw new ModelLoadException($"components.{role} must call its output \"{expected}\", not \"{name}\"");
        }

        output.Require(role, "output", name, type);
    }

    private void Require(string role, string kind, string name, NodeMetadata type)
    {
        if (!type.IsTensor || type.ElementDataType != Element || type.Dimensions.Length != Shape.Length
            || Shape.Zip(type.Dimensions).Any(pair => pair.Second != -1 && pair.Second != pair.First))
        {
            var found = type.IsTensor ? $"{type.ElementDataType} {Describe(type.Dimensions.Select(size => size == -1 ? null : (int?)size))}" : "no tensor";
            throw new ModelLoadException(
                $"components.{role} has the {kind} \"{name}\" as {found}, but the manifest calls for {Element} {Describe(Shape)}, where ? is any size: export it so or correct the manifest");
        }
    }

    private static string Describe(IEnumerable<int?> shape) => $"[{string.Join(", ", shape.Select(size => size?.ToString() ?? "?"))}]";
}
