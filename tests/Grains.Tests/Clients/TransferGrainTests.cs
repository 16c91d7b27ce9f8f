using System.Text;
using Actors.Clients;
using Actors.Grains.Tests.Sessions;

namespace Actors.Grains.Tests.Clients;

/// <summary>Exports and imports, as transactions that last over several calls.</summary>
public sealed class TransferGrainTests(SessionFixture fixture) : IClassFixture<SessionFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_export_is_of_one_moment_and_in_pieces()
    {
        var client = fixture.NewClient();
        // Random, so that nothing is shorter than it seems: three pieces.
        var contents = Enumerable.Range(0, 12).Select(_ => string.Concat(Enumerable.Range(0, 6_000).Select(_ => $"{Guid.NewGuid():N} "))).ToArray();
        foreach (var content in contents)
        {
            await fixture.Session(client).RememberAsync(content);
        }

        var export = Export();
        await export.BeginAsync(client, Stop);
        var pieces = new List<ExportPiece> { await export.ReadAsync(Stop) };
        await fixture.Session(client).RememberAsync("too late");
        while (!pieces[^1].IsLast)
        {
            pieces.Add(await export.ReadAsync(Stop));
        }

        Assert.True(pieces.Count >= 3);
        Assert.All(pieces, piece => Assert.InRange(piece.Bytes.Length, 1, 1024 * 1024));
        var lines = Encoding.UTF8.GetString([.. pieces.SelectMany(piece => piece.Bytes)]);
        Assert.All(contents, content => Assert.Contains(content, lines, StringComparison.Ordinal));
        Assert.DoesNotContain("too late", lines, StringComparison.Ordinal);
        Assert.EndsWith("{\"type\":\"end\",\"rows\":{\"clients\":1,\"events\":12}}\n", lines, StringComparison.Ordinal);
        await export.EndAsync();
        await Assert.ThrowsAsync<TransferLostException>(() => export.ReadAsync(Stop));
    }

    [Fact]
    public async Task who_writes_for_a_client_while_it_is_imported_is_put_off_and_later_sees_it_all()
    {
        var client = fixture.NewClient();
        Assert.Empty(await fixture.Session(client).RecallAsync("kettle"));
        var import = Import();
        await import.BeginAsync(client, Stop);
        Assert.Equal(1, await import.AddAsync([.. Encoding.UTF8.GetBytes(Lines("The kettle is red"))], Stop));

        await Assert.ThrowsAsync<Actors.Storage.StorageUnavailableException>(() => fixture.Session(client).RememberAsync("The lid is blue"));
        var receipt = await import.CommitAsync(Stop);

        Assert.Equal([new TableRows("events", 1)], receipt.Rows);
        Assert.Equal(["The kettle is red"], await fixture.Session(client).RecallAsync("kettle"));
        await fixture.Session(client).RememberAsync("The lid is blue");
        Assert.Equal(2, (await fixture.Session(client).RecallAsync("kettle lid")).Length);
        await Assert.ThrowsAsync<ClientNotEmptyException>(() => Import().BeginAsync(client, Stop));
    }

    [Fact]
    public async Task an_import_that_is_given_up_leaves_nothing()
    {
        var client = fixture.NewClient();
        var import = Import();
        await import.BeginAsync(client, Stop);
        await import.AddAsync([.. Encoding.UTF8.GetBytes(Lines("The kettle is red"))], Stop);

        await import.EndAsync();

        await Assert.ThrowsAsync<TransferLostException>(() => import.CommitAsync(Stop));
        Assert.Equal("0", await fixture.Database.PsqlAsync($"select count(*) from events where client_id = '{client}'"));
        await fixture.Session(client).RememberAsync("The lid is blue");
    }

    private IExportGrain Export() => fixture.Host.Grains.GetGrain<IExportGrain>($"{Guid.NewGuid():N}");

    private IImportGrain Import() => fixture.Host.Grains.GetGrain<IImportGrain>($"{Guid.NewGuid():N}");

    private static string Lines(string content) =>
        $$"""
        {"type":"header","format":1}
        {"type":"events","id":"{{Guid.NewGuid()}}","memory_type":"event","content":"{{content}}","occurred_at":"2026-11-20T09:00:00Z","created_at":"2026-11-20T09:00:00Z","metadata":{},"memory_scope":"user","salience_score":0.5}
        {"type":"end","rows":{"events":1} }
        """;
}
