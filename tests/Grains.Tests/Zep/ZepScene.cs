using System.Collections.Immutable;
using Actors.Support;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

/// <summary>A fake Zep, and the service's way to it, both on a clock of the test's own.</summary>
internal sealed class ZepScene : IAsyncDisposable
{
    public const string User = "client_1";

    private readonly ZepConnection _connection;

    private ZepScene(FakeZep fake, ZepOptions options, ManualTimeProvider time)
    {
        (Fake, Time) = (fake, time);
        _connection = new ZepConnection(Microsoft.Extensions.Options.Options.Create(options), time);
        Client = new ZepClient(_connection, time);
    }

    public FakeZep Fake { get; }

    public ManualTimeProvider Time { get; }

    public IZep Client { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="configure">Changes what is configured.</param>
    public static async Task<ZepScene> StartAsync(Action<ZepOptions>? configure = null)
    {
        var time = new ManualTimeProvider();
        var fake = await FakeZep.StartAsync(time);
        var options = new ZepOptions { BaseUrl = fake.BaseUrl, ApiKey = FakeZep.Key };
        configure?.Invoke(options);
        return new ZepScene(fake, options, time);
    }

    /// <summary>The same, with a user and a thread.</summary>
    public static async Task<ZepScene> StartWithUserAsync()
    {
        var scene = await StartAsync();
        Assert.Null((await scene.Client.EnsureUserAsync(User, Stop)).Failure);
        Assert.Null((await scene.Client.EnsureThreadAsync(User, User, Stop)).Failure);
        return scene;
    }

    public ZepMessage Message(string content, string? speaker = null) => new(Guid.NewGuid(), content, speaker, IsFromAssistant: false, Time.GetUtcNow().AddDays(-1), Guid.NewGuid());

    public ZepTriple Triple(string fact, string name = "PREFERENCE") =>
        new(Guid.NewGuid(), name, fact, "user 1", "drink", Time.GetUtcNow().AddDays(-1), InvalidAt: null, Time.GetUtcNow());

    public Task<ZepAnswer<ImmutableArray<string>>> AddAsync(params ZepMessage[] messages) => Client.AddMessagesAsync(User, [.. messages], Stop);

    public Task<ZepAnswer<ImmutableArray<ZepHit>>> SearchAsync(string query, int limit = 10) => Client.SearchAsync(User, query, limit, Stop);

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await Fake.DisposeAsync();
    }
}
