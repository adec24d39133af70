using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>Refuses addresses to listen at that are none, before the server stumbles over them.</summary>
internal sealed class ListenAddresses(IConfiguration configuration) : IValidateOptions<ServiceDefaultsOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceDefaultsOptions options)
    {
        var wrong = (configuration[WebHostDefaults.ServerUrlsKey] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(address => !IsAddress(address))
            .Select(address => $"{WebHostDefaults.ServerUrlsKey} has '{address}'; it must be an address such as http://127.0.0.1:5100, with a port of at most {IPEndPoint.MaxPort}")
            .ToArray();
        return wrong.Length > 0 ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }

    private static bool IsAddress(string address)
    {
        try
        {
            return BindingAddress.Parse(address).Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
