using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry;

/// <summary>Configures the telemetry of a host, through the extensions of <see cref="IOpenTelemetryBuilder"/>.</summary>
public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
{
    internal OpenTelemetryBuilder(IServiceCollection services) => Services = services;

    /// <inheritdoc/>
    public IServiceCollection Services { get; }
}
