using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace DiffusionMesh.ServiceDefaults.Tests;

/// <summary>The lines of one event that a host logs.</summary>
internal sealed class LoggedEvents(string name) : ILoggerProvider, ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>The next line, waited for.</summary>
    public ValueTask<string> NextAsync() => _lines.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == name)
        {
            var line = $"{logLevel}: {formatter(state, exception)}";
            Lines.Enqueue(line);
            _lines.Writer.TryWrite(line);
        }
    }

    public void Dispose()
    {
    }
}
