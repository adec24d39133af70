using DiffusionMesh.ServiceDefaults.Limits;
using DiffusionMesh.ServiceDefaults.Settings;
using DiffusionMesh.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Security;

internal static class SecurityRegistration
{
    /// <summary>Adds TLS, tokens and the limits of callers, and the way to other services.</summary>
    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        builder.AddSettings<TlsOptions>(TlsOptions.Section);
        builder.AddSettings<SecurityOptions>(SecurityOptions.Section);
        builder.AddSettings<LimitOptions>(LimitOptions.Section);
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<TlsOptions>, SecurityRules>();
        services.AddSingleton<IValidateOptions<SecurityOptions>, SecurityRules>();
        services.AddSingleton<TokenList>();
        services.AddSingleton<CallCounts>();
        services.AddSingleton<FileProblems>();
        services.AddHostedService<CertificateDates>();
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
