using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

/// <summary>Events of the log as events of a stage, by their names.</summary>
internal sealed class LogSignals : ILoggerProvider, ILogger
{
    public Stage Stage { get; } = Stage.Of(Stage.NewKey());

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name is { } name)
        {
            Stage.Happened(name);
        }
    }

    public void Dispose()
    {
    }
}
