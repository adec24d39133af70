using DiffusionMesh.ServiceDefaults.Limits;
using DiffusionMesh.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Security;

internal static class SecurityRegistration
{
    /// <summary>Adds TLS, tokens and the limits of callers, and the way to other services.</summary>
    public static void AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.Section).ValidateOnStart();
        services.AddOptions<SecurityOptions>().BindConfiguration(SecurityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<TlsOptions>, SecurityRules>();
        services.AddSingleton<IValidateOptions<SecurityOptions>, SecurityRules>();
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TokenList>();
        services.AddSingleton<CallCounts>();
        services.AddSingleton<FileProblems>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ListeningRules>();
        services.AddSingleton(Transport);
    }

    private static MeshTransport Transport(IServiceProvider services)
    {
        var (tls, security) = (services.GetRequiredService<IOptions<TlsOptions>>().Value, services.GetRequiredService<IOptions<SecurityOptions>>().Value);
        return new MeshTransport(
            new TransportSettings
            {
                CaFile = tls.CaFile,
                CertificateFile = tls.CertificateFile,
                KeyFile = tls.KeyFile,
                Token = security.Token,
                TokenFile = security.TokenFile,
                AllowPlaintext = security.AllowPlaintext,
            },
            services.GetRequiredService<FileProblems>().Report);
    }
}
