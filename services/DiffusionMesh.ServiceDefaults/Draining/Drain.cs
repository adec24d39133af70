using DiffusionMesh.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Draining;

/// <summary>
/// Lets a host that is stopped finish the calls that it has, while it still listens: new ones are refused, health is
/// answered. What is unfinished after <see cref="DrainOptions.DrainSeconds"/> is handed back.
/// </summary>
public sealed partial class Drain : IHostedLifecycleService, IDisposable
{
    private readonly Lock _lock = new();
    private readonly IOptions<DrainOptions> _options;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<Drain> _logger;
    private readonly CancellationTokenRegistration _stopping;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private bool _isClosed;

    public Drain(IOptions<DrainOptions> options, IHostApplicationLifetime lifetime, ILogger<Drain> logger)
    {
        (_options, _lifetime, _logger) = (options, lifetime, logger);
        _stopping = lifetime.ApplicationStopping.Register(Close);
    }

    /// <summary>The time is over: whatever a call still does is to end.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>A call begins; dispose of the result when it has ended.</summary>
    /// <exception cref="Grpc.Core.RpcException">UNAVAILABLE: the host is being stopped, and did nothing for the call.</exception>
    internal IDisposable Enter()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                throw RpcErrors.Stopping();
            }

            _calls++;
            return new Place(this);
        }
    }

    // The server still listens while hosts wait for this.
    async Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken)
    {
        _lifetime.StopApplication();
        try
        {
            await _empty.Task.WaitAsync(TimeSpan.FromSeconds(_options.Value.DrainSeconds), cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogHandedBack(_logger, Volatile.Read(ref _calls), _options.Value.DrainSeconds);
            await _over.CancelAsync();
            await _empty.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }

    private void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            SignalIfEmpty();
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _calls--;
            SignalIfEmpty();
        }
    }

    private void SignalIfEmpty()
    {
        if (_isClosed && _calls == 0)
        {
            _empty.TrySetResult();
        }
    }

    [LoggerMessage(EventName = "CallsHandedBack", Level = LogLevel.Warning, Message = "{Calls} calls are unfinished {Seconds} s after the host was told to stop: they are handed back")]
    private static partial void LogHandedBack(ILogger logger, int calls, int seconds);

    private sealed class Place(Drain drain) : IDisposable
    {
        public void Dispose() => drain.Leave();
    }
}
