using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Models;

/// <summary>The network of a model's file.</summary>
internal sealed class OnnxDenoiserNetwork : IDenoiserNetwork
{
    private const string StateInput = "x";
    private const string TimeInput = "t";
    private const string LabelInput = "class_label";
    private const string TextInput = "text_embedding";

    private readonly OnnxModel _network;
    private readonly ConditioningSpec _conditioning;
    private readonly string _output;

    /// <param name="network">Disposed of with this object.</param>
    /// <param name="conditioning">Which conditions it takes.</param>
    /// <exception cref="ModelLoadException">It has other inputs or outputs.</exception>
    public OnnxDenoiserNetwork(OnnxModel network, ConditioningSpec conditioning)
    {
        (_network, _conditioning) = (network, conditioning);
        network.RequireInputs(DenoiserManifest.DenoiserComponent,
        [
            StateInput, TimeInput,
            .. conditioning.Classes is null ? Array.Empty<string>() : [LabelInput],
            .. conditioning.Text is null ? Array.Empty<string>() : [TextInput],
        ]);
        _output = network.RequireSingleOutput(DenoiserManifest.DenoiserComponent);
    }

    public void Evaluate(NetworkBatch batch) => (batch.BindingOf(this) ??= Bind(batch)).Run();

    public void Dispose() => _network.Dispose();

    private OnnxBinding Bind(NetworkBatch batch)
    {
        List<OnnxTensor> inputs = [batch.States(StateInput), batch.Times(TimeInput)];
        if (_conditioning.Classes is not null)
        {
            inputs.Add(batch.Labels(LabelInput));
        }

        if (_conditioning.Text is not null)
        {
            inputs.Add(batch.Texts(TextInput));
        }

        return _network.Bind([.. inputs], [batch.Predictions(_output)]);
    }
}
