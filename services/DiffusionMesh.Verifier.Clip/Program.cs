using DiffusionMesh.Inference;
using DiffusionMesh.Verifier.Clip;
using Microsoft.Extensions.Options;

try
{
    await ClipVerifierHost.Build(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is ModelLoadException or OptionsValidationException or IOException)
{
    // A wrong setting, a model that cannot be used, a port in use: the message says it all.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
