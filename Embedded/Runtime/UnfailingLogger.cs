using Microsoft.Extensions.Logging;

namespace Actors.Embedded;

/// <summary>
/// Keeps the failure of a log provider from ending a turn or the sweep in the middle. The other providers have had the
/// entry by then; the first failure is told to standard error, for the log is what fails.
/// </summary>
internal sealed class UnfailingLogger(ILogger log) : ILogger
{
    private int _reported;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            log.Log(logLevel, eventId, state, exception, formatter);
        }
#pragma warning disable CA1031 // Any provider may be behind it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (Interlocked.Exchange(ref _reported, 1) == 0)
            {
                Console.Error.WriteLine($"Logging failed, of {eventId.Name} first: {failure}");
            }
        }
    }
}
