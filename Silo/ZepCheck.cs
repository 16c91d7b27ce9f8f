using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Actors.Zep;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>Tries a service outside with what is configured, instead of serving: ten calls for a user made for it, which is removed again.</summary>
internal static class ZepCheck
{
    /// <summary>A line of <c>--help</c>.</summary>
    public const string Usage = "  --check zep          make ten calls to Zep with the configured key, say what came of each, and exit";

    private const string CheckKey = "Check";
    private const string Zep = "zep";

    // What is left behind counts against the account: for its removal a minute's limit is waited for.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(90);

    /// <summary>Its setting, which is its flag's value.</summary>
    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string> { ["--check"] = CheckKey };

    /// <summary>Makes the calls if the configuration asks for it.</summary>
    /// <returns>Whether there was something to do, and the program is done.</returns>
    /// <exception cref="HostingSettingsException">Nothing of that name can be checked, there is no key, or a call failed.</exception>
    /// <exception cref="OperationCanceledException">SIGINT or SIGTERM came meanwhile.</exception>
    public static async Task<bool> CheckAsync(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[CheckKey] is not { Length: > 0 } what)
        {
            return false;
        }

        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(builder.Configuration).AddSingleton(TimeProvider.System).AddMetrics().AddZep().BuildServiceProvider();
        var options = services.GetRequiredService<IOptions<ZepOptions>>().Value;
        if (what != Zep || !options.IsOn)
        {
            throw new HostingSettingsException(what != Zep ? "--check knows zep only." : "There is no key: set ZEP_API_KEY, or Zep:ApiKey.");
        }

        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        Console.WriteLine($"Zep at {options.BaseUrl}");
        var failed = await new Calls(services.GetRequiredService<IZep>()).MakeAsync(interrupted.Token);
        return failed == 0 ? true : throw new HostingSettingsException($"{failed} of 10 calls failed.");

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    private sealed class Calls(IZep zep)
    {
        private readonly string _user = $"check_{Guid.NewGuid():N}";
        private int _calls;
        private int _failed;

        public async Task<int> MakeAsync(CancellationToken stop)
        {
            await CallAsync("ping", () => zep.PingAsync(stop));
            var isThere = await CallAsync("add user", () => zep.EnsureUserAsync(_user, stop));
            try
            {
                await MakeWithUserAsync(isThere, stop);
            }
            finally
            {
                // Also after a signal, and when it is not known whether it is there.
                await RemovedAsync("remove user", () => zep.RemoveUserAsync(_user, CancellationToken.None), stop);
            }

            return _failed;
        }

        private async Task MakeWithUserAsync(bool isThere, CancellationToken stop)
        {
            var now = TimeProvider.System.GetUtcNow();
            var message = new ZepMessage(Guid.NewGuid(), "Ada drinks tea.", "Ada", IsFromAssistant: false, now, Guid.NewGuid());
            var fact = new ZepTriple(Guid.NewGuid(), "DRINKS", "Ada drinks tea.", "Ada", "tea", now, InvalidAt: null, now);
            var hasThread = await CallAsync("add thread", () => zep.EnsureThreadAsync(_user, _user, stop), isThere);
            var messages = await ValueAsync("add message", () => zep.AddMessagesAsync(_user, [message], stop), hasThread);
            var edge = await ValueAsync("add fact", () => zep.AddFactAsync(_user, fact, stop), isThere);
            await CallAsync("search", async () => await zep.SearchAsync(_user, "What does Ada drink?", 10, stop), isThere);
            await CallAsync("change fact", async () => OrNotYet(await zep.ChangeFactAsync(edge!, fact with { Fact = "Ada drank tea.", InvalidAt = TimeProvider.System.GetUtcNow() }, stop)), edge is not null);
            await CallAsync("remove fact", async () => await zep.RemoveFactAsync(edge!, stop), edge is not null);
            await CallAsync("remove message", async () => await zep.RemoveMessageAsync(messages[0], stop), !messages.IsDefault);
        }

        // What Zep took a moment ago it has seconds later.
        private static ZepAnswer OrNotYet(ZepAnswer answer) =>
            answer.Failure == ZepFailure.NotFound ? new ZepAnswer<bool> { Value = false, Rate = answer.Rate } : answer;

        private async Task<T?> ValueAsync<T>(string name, Func<Task<ZepAnswer<T>>> call, bool isPossible)
        {
            var value = default(T);
            await CallAsync(
                name,
                async () =>
                {
                    var answer = await call();
                    value = answer.Value;
                    return answer;
                },
                isPossible);
            return value;
        }

        private async Task RemovedAsync(string name, Func<Task<ZepAnswer>> remove, CancellationToken stop)
        {
            TimeSpan? wait = null;
            await CallAsync(name, async () =>
            {
                var answer = await remove();
                wait = answer.Failure == ZepFailure.Throttled ? answer.RetryAfter ?? TimeSpan.FromMinutes(1) : null;
                return answer;
            });
            if (wait is not { } patience || patience > LongestWait)
            {
                return;
            }

            Console.WriteLine($"    to remove the user {_user}, in {patience.TotalSeconds:0} s again");
            await Task.Delay(patience, stop);
            var again = await remove();
            Console.WriteLine($"    remove user     {(again.Failure is null ? "ok" : again.Detail)}");
        }

        private async Task<bool> CallAsync(string name, Func<Task<ZepAnswer>> call, bool isPossible = true)
        {
            _calls++;
            var start = Stopwatch.GetTimestamp();
            var answer = isPossible ? await call() : null;
            var said = answer is null ? "not made, for what it needs is not there"
                : answer.Failure is { } failure ? $"{ZepNames.Of(failure)}: {answer.Detail}{(answer.RetryAfter is { } wait ? $"; to be left alone for {wait.TotalSeconds:0} s" : "")}"
                : answer is ZepAnswer<bool> { Value: false } ? "not there, or not yet" : "ok";
            var limit = answer?.Rate is { } rate ? $"; {rate.Remaining} of {rate.PerMinute} a minute left" : "";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{_calls,2}  {name,-15} {(answer is null ? 0 : Stopwatch.GetElapsedTime(start).TotalMilliseconds),6:0} ms  {said}{limit}"));
            var isDone = answer is { Failure: null };
            _failed += isDone ? 0 : 1;
            return isDone;
        }
    }
}
