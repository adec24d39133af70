using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

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
    /// <param name="manifest">Says what it takes and gives.</param>
    /// <exception cref="ModelLoadException">It has other inputs or outputs.</exception>
    public OnnxDenoiserNetwork(OnnxModel network, DenoiserManifest manifest)
    {
        (_network, _conditioning) = (network, manifest.Conditioning);
        int?[] state = [null, .. manifest.Latent.Shape];
        List<OnnxPort> inputs = [new(StateInput, TensorElementType.Float, state), new(TimeInput, TensorElementType.Float, [null])];
        if (_conditioning.Classes is not null)
        {
            inputs.Add(new(LabelInput, TensorElementType.Int64, [null]));
        }

        if (_conditioning.Text is { } text)
        {
            inputs.Add(new(TextInput, TensorElementType.Float, null, text.Dimension));
        }

        OnnxPort.Require(network, DenoiserManifest.DenoiserComponent, inputs, new OnnxPort(null, TensorElementType.Float, state));
        _output = network.Outputs.Keys.Single();
    }

    public void Evaluate(NetworkBatch batch) => (batch.BindingOf(this) ??= Bind(batch)).Run();

    public void Terminate() => _network.Terminate();

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
