using Actors.Access;
using Actors.Facts;
using static Actors.Grains.Tests.Facts.FactQueryFixture;

namespace Actors.Grains.Tests.Facts;

public class FactQueryLinksTests(FactQueryFixture fixture) : IClassFixture<FactQueryFixture>
{
    private const string WorksForAcme = """{"relations": [{"relation": "works_for", "subject_type": "company", "subject_id": "Acme"}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<string[]> LinksAsync(
        ClientVisibility visibility, string type, string id, double? asOf = null, double? knownAt = null, int limit = 500)
    {
        var request = new FactLinksRequest(visibility, type, id, asOf is { } a ? Day(a) : null, knownAt is { } k ? Day(k) : null, limit);
        var links = await fixture.Queries.LinksAsync(request, Stop);
        return [.. links.Select(l => $"{l.Relation} {(l.IsOutgoing ? "->" : "<-")} {l.SubjectType}/{l.SubjectId}")];
    }

    private async Task<Guid> NodeAsync(string? client, string type, string id) => Guid.Parse(await fixture.Database.PsqlAsync($"""
        insert into graph_nodes (client_id, subject_type, subject_id) values ({Text(client)}, '{type}', '{id}')
        on conflict on constraint graph_nodes_entity_has_one_node_per_client do update set label = 'known' returning id
        """));

    private async Task EdgeAsync(string? client, Guid from, Guid to, string relation, Guid? fact = null, double validFrom = 1, double? validTo = null, double created = 1) =>
        await fixture.Database.PsqlAsync($"""
            insert into graph_edges (client_id, from_node_id, to_node_id, relation, fact_id, valid_from, valid_to, created_at)
            values ({Text(client)}, '{from}', '{to}', '{relation}', {Text(fact?.ToString())}, '{Day(validFrom):O}', {Text(validTo is { } d ? $"{Day(d):O}" : null)}, '{Day(created):O}')
            """);

    private static string Text(string? text) => text is null ? "null" : $"'{text}'";

    [Fact]
    public async Task an_edge_of_a_fact_holds_while_the_fact_does_and_goes_with_it()
    {
        var client = fixture.NewClient();
        var fact = await fixture.InsertAsync(client, "works for Acme", recorded: 10, validFrom: 5, metadata: WorksForAcme);
        await EdgeAsync(client, await NodeAsync(client, "user", client), await NodeAsync(client, "company", "Acme"), "works_for", fact, validFrom: 1);

        Assert.Empty(await LinksAsync(Of(client), "user", client, asOf: 4));
        Assert.Equal(["works_for -> company/Acme"], await LinksAsync(Of(client), "user", client, asOf: 5));
        Assert.Equal([$"works_for <- user/{client}"], await LinksAsync(Of(client), "company", "Acme", asOf: 5));

        await fixture.WriteAsync(11, "change", $"update facts set valid_to = '{Day(8):O}' where id = '{fact}'");
        Assert.Empty(await LinksAsync(Of(client), "user", client, asOf: 8));
        Assert.Equal(["works_for -> company/Acme"], await LinksAsync(Of(client), "user", client, asOf: 7));

        await fixture.WriteAsync(12, "retract", $"delete from facts where id = '{fact}'");
        Assert.Empty(await LinksAsync(Of(client), "user", client, asOf: 7));
        Assert.Equal(["works_for -> company/Acme"], await LinksAsync(Of(client), "user", client, asOf: 7, knownAt: 11));
        Assert.Equal([$"works_for <- user/{client}"], await LinksAsync(Of(client), "company", "Acme", asOf: 9, knownAt: 10));
        Assert.Empty(await LinksAsync(Of(client), "user", client, asOf: 9, knownAt: 11));
        Assert.Empty(await LinksAsync(Of(client), "user", client, asOf: 7, knownAt: 9));
        Assert.Empty(await LinksAsync(Of(client), "company", "Acme", asOf: 7, knownAt: 12));
    }

    [Fact]
    public async Task an_edge_of_an_operator_has_its_own_times()
    {
        var client = fixture.NewClient();
        var (user, team) = (await NodeAsync(client, "user", client), await NodeAsync(null, "team", $"t-{client}"));
        await EdgeAsync(client, user, team, "member_of", validFrom: 2, validTo: 4, created: 10);

        Assert.Equal(["member_of -> team/t-" + client], await LinksAsync(Of(client), "user", client, asOf: 2));
        Assert.Equal(["member_of -> team/t-" + client], await LinksAsync(Of(client), "user", client, asOf: 3, knownAt: 10));
        Assert.Equal(["member_of <- user/" + client], await LinksAsync(Of(client), "team", $"t-{client}", asOf: 3, knownAt: 11));
        Assert.Empty(await LinksAsync(Of(client), "user", client, asOf: 4));
        Assert.Empty(await LinksAsync(Of(client), "user", client, asOf: 3, knownAt: 9));
    }

    [Fact]
    public async Task links_are_told_once_in_order_up_to_the_limit_with_what_they_come_from()
    {
        var client = fixture.NewClient();
        var relations = """
            {"relations": [{"relation": "knows", "subject_type": "user", "subject_id": "b"}, {"relation": "knows", "subject_type": "user", "subject_id": "b"},
             {"relation": "knows", "subject_type": "user", "subject_id": "a"}, {"relation": "knows", "subject_type": "pet", "subject_id": "z"},
             {"relation": "avoids", "subject_type": "user", "subject_id": "z"}]}
            """;
        var fact = await fixture.InsertAsync(client, "knows", recorded: 10, validFrom: 5, validTo: 9, metadata: relations);
        var start = await NodeAsync(client, "user", client);
        foreach (var (relation, type, id) in new[] { ("knows", "user", "b"), ("knows", "user", "b"), ("knows", "user", "a"), ("knows", "pet", "z"), ("avoids", "user", "z") })
        {
            await EdgeAsync(client, start, await NodeAsync(client, type, id), relation, fact);
        }

        string[] expected = ["avoids -> user/z", "knows -> pet/z", "knows -> user/a", "knows -> user/b"];
        Assert.Equal(expected, await LinksAsync(Of(client), "user", client, asOf: 6));
        Assert.Equal(expected, await LinksAsync(Of(client), "user", client, asOf: 6, knownAt: 10));
        Assert.Equal(expected[..2], await LinksAsync(Of(client), "user", client, asOf: 6, limit: 2));
        Assert.Equal(expected[..2], await LinksAsync(Of(client), "user", client, asOf: 6, knownAt: 10, limit: 2));
        var link = (await fixture.Queries.LinksAsync(new FactLinksRequest(Of(client), "user", client, Day(6), Day(10), 1), Stop)).Single();
        Assert.Equal(new FactLink("avoids", true, client, "user", "z", fact, Day(5), Day(9)), link);
        Assert.Equal(link, (await fixture.Queries.LinksAsync(new FactLinksRequest(Of(client), "user", client, Day(6), null, 1), Stop)).Single());
    }

    [Fact]
    public async Task links_of_other_clients_are_not_told_and_those_of_the_house_are()
    {
        // In the order in which links are told: c10 comes before c9.
        string[] clients = [.. new[] { fixture.NewClient(), fixture.NewClient() }.Order(StringComparer.Ordinal)];
        var (mine, other) = (clients[0], clients[1]);
        var entity = $"e-{mine}";
        foreach (var client in new[] { mine, other, null })
        {
            var fact = Guid.CreateVersion7();
            var metadata = WorksForAcme.Replace("Acme", entity, StringComparison.Ordinal);
            await fixture.WriteAsync(10, "change", Insert(fact, client, "x", validFrom: 1, metadata: metadata));
            await EdgeAsync(client, await NodeAsync(client, "user", client ?? "house"), await NodeAsync(client, "company", entity), "works_for", fact);
        }

        // Made by an operator between nodes of different clients.
        await EdgeAsync(null, await NodeAsync(other, "user", other), await NodeAsync(mine, "company", entity), "founded");

        foreach (var knownAt in new double?[] { null, 11 })
        {
            Assert.Equal([$"works_for <- user/{mine}", "works_for <- user/house"], await LinksAsync(Of(mine), "company", entity, 5, knownAt));
            Assert.Equal(["works_for <- user/house"], await LinksAsync(Of(), "company", entity, 5, knownAt));
            Assert.Equal(
                [$"founded <- user/{other}", $"works_for <- user/{mine}", $"works_for <- user/{other}", "works_for <- user/house"],
                await LinksAsync(Everything, "company", entity, 5, knownAt));
            Assert.Empty(await LinksAsync(Of(mine), "user", other, 5, knownAt));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"relations": null}""")]
    [InlineData("""{"relations": "works_for"}""")]
    [InlineData("""{"relations": {"relation": "r", "subject_type": "t", "subject_id": "i"}}""")]
    [InlineData("""{"relations": [1, null, "x", [], {"relation": "r"}, {"relation": "r", "subject_type": "company", "subject_id": 7}]}""")]
    public async Task relations_of_another_form_are_no_links(string metadata)
    {
        var client = fixture.NewClient();
        await fixture.InsertAsync(client, "odd", recorded: 1, validFrom: 1, metadata: metadata);

        Assert.Empty(await LinksAsync(Of(client), "user", client, 2, 2));
        Assert.Empty(await LinksAsync(Of(client), "company", "7", 2, 2));
        Assert.Empty(await LinksAsync(Of(client), "t", "i", 2, 2));
    }
}
