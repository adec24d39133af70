using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
            await using var app = build();
            var log = app.Services.GetRequiredService<StartLog>();
            log.IsStarting = true;

            // Before anything is made that reads the settings and would stop at the first wrong one.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            await app.StartAsync();
            log.IsStarting = false;
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, Explain(e).Distinct()));
            return 1;
        }
    }

    private static IEnumerable<string> Explain(Exception error) => error switch
    {
        OptionsValidationException settings => settings.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Explain),
        _ => [ExplainOne(error)],
    };

    private static string ExplainOne(Exception error) => error switch
    {
        IOException { InnerException: AddressInUseException } => $"{error.Message.TrimEnd('.')}. Choose another with --urls",
        SocketException => $"the host cannot listen where --urls says: {error.Message}",
        OperationCanceledException => "stopped before it had started",
        InvalidDataException { InnerException: { } why } => $"{error.Message} {why.Message}",
        IOException or UnauthorizedAccessException => error.Message,
        _ => error.ToString(),
    };
}
