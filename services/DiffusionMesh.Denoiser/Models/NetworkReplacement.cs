using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Puts a simulated accelerator into the place of every model's network, for benchmarks and tests.</summary>
/// <param name="With">Is given the model's own network, which the other one then owns; null replaces nothing.</param>
internal sealed record NetworkReplacement(Func<IDenoiserNetwork, IDenoiserNetwork>? With);
