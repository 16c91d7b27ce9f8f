using System.Collections.Concurrent;

namespace Actors.Hosting.Tests;

/// <summary>Where a test and the grain of one key meet: both run in this process, on either host.</summary>
public sealed class Stage
{
    private static readonly ConcurrentDictionary<string, Stage> All = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<string, TaskCompletionSource> _doors = [];
    private readonly List<(string What, int Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly List<string> _history = [];

    public static Stage Of(string key) => All.GetOrAdd(key, _ => new Stage());

    /// <summary>A key no other test uses.</summary>
    public static string NewKey() => "client_" + Guid.NewGuid().ToString("N");

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<string> History
    {
        get
        {
            lock (_lock)
            {
                return [.. _history];
            }
        }
    }

    public int Count(string what)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(what);
        }
    }

    public void Happened(string what)
    {
        lock (_lock)
        {
            _history.Add(what);
            var count = _counts[what] = _counts.GetValueOrDefault(what) + 1;
            foreach (var waiting in _waiting.Where(waiting => waiting.What == what && waiting.Count <= count).ToList())
            {
                _waiting.Remove(waiting);
                waiting.Reached.TrySetResult();
            }
        }
    }

    /// <summary>Ends when it has happened so many times. A test that waits in vain fails after 30 s.</summary>
    public Task WhenAsync(string what, int count = 1)
    {
        lock (_lock)
        {
            if (_counts.GetValueOrDefault(what) >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((what, count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Ends when the test opens the door of that name.</summary>
    public Task DoorAsync(string name) => Door(name).Task;

    public void Open(string name) => Door(name).TrySetResult();

    private TaskCompletionSource Door(string name)
    {
        lock (_lock)
        {
            if (!_doors.TryGetValue(name, out var door))
            {
                _doors[name] = door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return door;
        }
    }
}
