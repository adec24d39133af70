using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>Runs a host as a process.</summary>
public static class HostRun
{
    /// <summary>Builds and runs a host until it is stopped.</summary>
    /// <param name="build">Builds the host.</param>
    /// <returns>
    /// The exit code: 0, or 1 if it could not start. What is the user's to mend (a wrong setting, a model that cannot be
    /// used, a port in use) is the last line on standard error; for anything else the whole error is.
    /// </returns>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await build().RunAsync();
            return 0;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(e is OptionsValidationException or IOException ? e.Message : e.ToString());
            return 1;
        }
    }
}
