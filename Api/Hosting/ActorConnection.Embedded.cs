using Actors.Postgres;

namespace Actors.Hosting;

/// <summary>How the API reaches its grains: they run in the same process.</summary>
internal static class ActorConnection
{
    /// <summary>Lines of <c>--help</c>.</summary>
    public const string Usage = "";

    /// <summary>Flags of this build.</summary>
    public static IReadOnlySet<string> Flags { get; } = new HashSet<string>();

    /// <summary>Settings of this build that have a short name.</summary>
    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>();

    /// <summary>Adds the grains, and a database for them if none is given. Dispose the result after the host has stopped.</summary>
    public static async Task<IAsyncDisposable> AddActorsAsync(this WebApplicationBuilder builder, CommandLine arguments)
    {
        var postgres = await builder.StartPostgresAsync();
        builder.AddActorHost();
        return postgres;
    }

    /// <summary>Ends when grains can be asked, for what is hosted after them: at once.</summary>
    public static Task UntilHostedAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What requests pass on their way to grains: nothing.</summary>
    public static void UseActors(this WebApplication app)
    {
    }

    /// <summary>Pages about the grains' host: none.</summary>
    public static void MapActors(this WebApplication app)
    {
    }

    /// <summary>Whether a failed call surely did nothing.</summary>
    public static bool NeverRan(Exception failure) => failure is LimitExceededException or OrleansMessageRejectionException;
}
