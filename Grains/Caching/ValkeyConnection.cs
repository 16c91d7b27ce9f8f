using System.Diagnostics.CodeAnalysis;
using Actors.Outside;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Actors.Caching;

/// <summary>
/// The way of a process to Valkey, and what is known of it: whether it answers within the budget, and whether it takes what is to be
/// stored. Requests report what they meet and never try a server that is known to fail: <see cref="LookAsync"/> does, in the background.
/// Uses only what StackExchange.Redis has had from 1.2 to 3. Thread safe, but for <see cref="LookAsync"/>.
/// </summary>
internal sealed partial class ValkeyConnection : IAsyncDisposable
{
    /// <summary>How often <see cref="LookAsync"/> is to be called.</summary>
    public static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);

    private const string ProbeKey = "planner-memory:probe";

    // What is sent in vain until it is believed that nobody answers: a pause of this process looks the same once.
    private const int FailuresToOpen = 3;

    // Looks without an answer after which the connection is given up: it may be half open, and what was sent on it is waiting in memory.
    private const int LooksPerConnection = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeToLive = TimeSpan.FromSeconds(60);

    private readonly ConfigurationOptions _settings;
    private readonly TimeSpan _budget;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly ILogger<ValkeyConnection> _logger;
    private readonly CircuitBreaker _answers;
    private readonly CircuitBreaker _stores;
    private readonly Lock _state = new();
    private volatile ConnectionMultiplexer? _connection;
    private volatile bool _isSilent;
    private volatile bool _isFull;
    private int _looksInVain;
    private long? _lastLook;

    public ValkeyConnection(IOptions<ValkeyOptions> options, TimeProvider time, CacheMetrics metrics, ILogger<ValkeyConnection> logger)
    {
        (_budget, _time, _metrics, _logger) = (options.Value.Budget, time, metrics, logger);
        _answers = new CircuitBreaker(time, FailuresToOpen, FirstPause, LongestPause);
        _stores = new CircuitBreaker(time, failuresToOpen: 1, FirstPause, LongestPause);
        _settings = ConfigurationOptions.Parse(options.Value.Address!);
        // Who cannot connect at first goes on trying in the background.
        _settings.AbortOnConnectFail = false;
        _settings.ConnectRetry = 1;
        (_settings.ConnectTimeout, _settings.SyncTimeout) = ((int)ConnectTimeout.TotalMilliseconds, (int)ConnectTimeout.TotalMilliseconds);
        _settings.ClientName ??= "planner-memory";
        metrics.ShowValkey(() => IsFailing);
    }

    /// <summary>Whether it may be asked: it is connected, and not known to be silent.</summary>
    public bool MayAsk => _connection is not null && !_isSilent;

    /// <summary>Whether it may be asked to store something.</summary>
    public bool MayStore => MayAsk && !_isFull;

    /// <summary>Whether it is known not to answer, or not to store.</summary>
    public bool IsFailing => _isSilent || _isFull;

    /// <summary>Asks for something, within the budget.</summary>
    /// <returns>Whether it answered, and what. Fails only when cancelled.</returns>
    public async Task<(bool IsAnswered, T? Answer)> TryAskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (_connection is not { } connection || _isSilent)
        {
            return default;
        }

        return await TryAsync(connection, ask, _budget, isStoring: false, cancellationToken);
    }

    /// <summary>Has it store something.</summary>
    /// <returns>Whether it answered, and what. Never fails.</returns>
    public async Task<(bool IsAnswered, T? Answer)> TryStoreAsync<T>(Func<IDatabase, Task<T>> store, TimeSpan limit)
    {
        if (_connection is not { } connection || !MayStore)
        {
            return default;
        }

        return await TryAsync(connection, store, limit, isStoring: true, CancellationToken.None);
    }

    /// <summary>The connection, for what takes its time.</summary>
    /// <exception cref="CacheUnavailableException">There is none, or it is known not to answer.</exception>
    public ConnectionMultiplexer Connection =>
        MayAsk ? _connection! : throw new CacheUnavailableException("Valkey cannot be reached.");

    /// <summary>Connects if need be, and finds out how Valkey is. Never fails but by cancellation.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var isDue = _isSilent ? _answers.TryPass()
            : _isFull ? _stores.TryPass()
            : _lastLook is not { } last || _time.GetElapsedTime(last) >= HeartbeatPeriod;
        if (!isDue)
        {
            return;
        }

        _lastLook = _time.GetTimestamp();
        if (_connection is null && !await TryConnectAsync(cancellationToken))
        {
            return;
        }

        var connection = _connection!;
        var (isAnswered, _) = await TryAsync(connection, db => db.StringGetAsync(ProbeKey), _budget, isStoring: false, cancellationToken);
        if (isAnswered)
        {
            _looksInVain = 0;
            await TryAsync(
                connection, db => db.StringSetAsync(ProbeKey, "1", ProbeTimeToLive, When.Always, CommandFlags.None), _budget, isStoring: true,
                cancellationToken);
        }
        else
        {
            _stores.Withdrew();
            if (++_looksInVain % LooksPerConnection == 0)
            {
                _connection = null;
                _ = CloseAsync(connection);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await CloseAsync(connection);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of an outside service: whatever goes wrong there is no entry.")]
    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection = await ConnectionMultiplexer.ConnectAsync(_settings, null).WaitAsync(ConnectTimeout * 5, cancellationToken);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            _metrics.Failed("unreachable");
            _answers.FailedForSure();
            _stores.Withdrew();
            Update();
            return false;
        }
    }

    // Closing waits for threads of its own.
    private static Task CloseAsync(ConnectionMultiplexer connection) => Task.Run(() => connection.Close(allowCommandsToComplete: false));

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of an outside service: whatever goes wrong there is no entry.")]
    private async Task<(bool IsAnswered, T? Answer)> TryAsync<T>(
        ConnectionMultiplexer connection, Func<IDatabase, Task<T>> ask, TimeSpan limit, bool isStoring, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(connection.GetDatabase()).WaitAsync(limit, _time, cancellationToken);
            Succeeded(isStoring);
            return (true, answer);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            Report(failure, isStoring);
            return default;
        }
    }

    private void Succeeded(bool isStoring)
    {
        // Nearly always there is nothing to tell.
        _answers.Succeeded();
        if (isStoring)
        {
            _stores.Succeeded();
        }

        if (_isSilent || (isStoring && _isFull))
        {
            Update();
        }
    }

    private void Report(Exception failure, bool isStoring)
    {
        switch (failure)
        {
            case RedisServerException when isStoring:
                _metrics.Failed("refused");
                _answers.Succeeded();
                _stores.Failed();
                break;
            case RedisServerException:
                _metrics.Failed("refused");
                _answers.Failed();
                break;
            case TimeoutException:
                _metrics.Failed("timeout");
                _answers.Failed();
                break;
            default:
                _metrics.Failed("unreachable");
                _answers.FailedForSure();
                break;
        }

        Update();
    }

    private void Update()
    {
        lock (_state)
        {
            var (wasSilent, wasFull) = (_isSilent, _isFull);
            (_isSilent, _isFull) = (_answers.IsOpen, _stores.IsOpen);
            if ((_isSilent, _isFull) == (wasSilent, wasFull))
            {
                return;
            }

            if (IsFailing)
            {
                LogFailing(_isSilent ? "does not answer" : "refuses to store");
            }
            else
            {
                LogRecovered();
            }
        }
    }

    // Without the failure: its message quotes keys, which name clients.
    [LoggerMessage(Level = LogLevel.Warning, Message = "Valkey {What}; answers go out without it, and say so")]
    private partial void LogFailing(string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Valkey answers again")]
    private partial void LogRecovered();
}
