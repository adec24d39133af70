using System.Globalization;
using DiffusionMesh.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>What settings add to the host before anything reads them.</summary>
public static class HostConfiguration
{
    private const string Urls = "urls";
    private const string HttpPorts = "http_ports";
    private const string DefaultUrl = "http://localhost:5000";

    /// <summary>Adds the file that <see cref="ServiceDefaultsOptions.SettingsFile"/> names.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static void AddSettingsFile(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[nameof(ServiceDefaultsOptions.SettingsFile)] is { Length: > 0 } name)
        {
            var file = new SettingsFile(name);
            builder.Services.AddSingleton(file);
            builder.Configuration.Sources.Add(file);
        }
    }

    /// <summary>Listens on <see cref="SecurityOptions.HealthPort"/> as well.</summary>
    internal static void AddHealthPort(this WebApplicationBuilder builder)
    {
        if (!int.TryParse(builder.Configuration["Security:HealthPort"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return;
        }

        if (builder.Configuration[Urls] is { Length: > 0 } urls)
        {
            builder.WebHost.UseSetting(Urls, $"{urls};http://*:{port}");
        }
        else if (builder.Configuration[HttpPorts] is { Length: > 0 } ports)
        {
            builder.WebHost.UseSetting(HttpPorts, $"{ports};{port}");
        }
        else
        {
            builder.WebHost.UseSetting(Urls, $"{DefaultUrl};http://*:{port}");
        }
    }
}
