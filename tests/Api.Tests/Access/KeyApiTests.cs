using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Access;

[Collection(ServiceTests.Name)]
public class KeyApiTests(ServiceFixture service)
{
    private const string Keys = KeyCalls.Keys;

    [Fact]
    public async Task a_secret_is_shown_once_and_only_its_hash_is_stored()
    {
        var (status, made) = await service.PostAsync(
            Keys, new { name = "Ada's agent", role = "agent", client_ids = new object[] { "a", 7, "a" }, rate_limit_per_minute = 100, expires_at = "2099-01-01T00:00:00+01:00" });
        Assert.Equal(201, status);
        var (id, secret) = ((string)made!["key_id"]!, (string)made["key"]!);
        Assert.Matches("^pm_[A-Za-z0-9_-]{43}$", secret);
        Assert.Equal(secret[..11], (string)made["prefix"]!);
        Assert.Equal(["a", "7"], made["client_ids"]!.AsArray().Select(client => (string)client!));

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        Assert.Equal(
            $"{hash}|{secret[..11]}|Ada's agent|agent|{{a,7}}|100|2098-12-31 23:00:00",
            await service.Database.PsqlAsync(
                $"select encode(key_hash, 'hex'), key_prefix, name, role, client_ids, rate_limit_per_minute, expires_at at time zone 'UTC' from api_keys where id = '{id}'"));

        var (_, one) = await service.GetAsync($"{Keys}/{id}");
        var (_, list) = await service.GetAsync($"{Keys}?limit=500");
        Assert.Equal(
            ["client_ids", "created_at", "disabled_at", "expires_at", "key_id", "last_used_at", "name", "prefix", "rate_limit_per_minute", "role"],
            one!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.True(JsonNode.DeepEquals(one, list!["items"]!.AsArray().Single(key => (string)key!["key_id"]! == id)));
        foreach (var text in new[] { one.ToJsonString(), list.ToJsonString(), service.Service.Output })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(hash, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task what_is_left_out_gets_its_default()
    {
        var (_, made) = await service.PostAsync(Keys, new { name = "plain" });
        var (_, key) = await service.GetAsync($"{Keys}/{made!["key_id"]}");
        Assert.Equal("agent", (string)key!["role"]!);
        Assert.Empty(key["client_ids"]!.AsArray());
        Assert.All(["rate_limit_per_minute", "expires_at", "disabled_at", "last_used_at"], name => Assert.Null(key[name]));
    }

    [Fact]
    public async Task the_list_is_paged_newest_first()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await service.Client.CreateKeyAsync("reader")).Id);
        }

        var listed = new List<string>();
        var cursor = "";
        do
        {
            var (_, page) = await service.GetAsync($"{Keys}?limit=2{cursor}");
            Assert.InRange(page!["items"]!.AsArray().Count, 1, 2);
            listed.AddRange(page["items"]!.AsArray().Select(key => (string)key!["key_id"]!));
            cursor = page["next_cursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal(listed.Distinct().Count(), listed.Count);
        // Keys made in the same millisecond have no order among themselves.
        Assert.Equal(made.Order(StringComparer.Ordinal), listed.Where(made.Contains).Order(StringComparer.Ordinal));
        Assert.Equal(listed.OrderDescending(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task a_patch_changes_what_it_names_and_nothing_else()
    {
        var key = await service.Client.CreateKeyAsync(new { name = "before", role = "reader", client_ids = new[] { "a" }, rate_limit_per_minute = 5, expires_at = "2099-01-01T00:00:00Z" });
        await service.Client.ChangeKeyAsync(key, new { });
        Assert.Equal(("before", "a", 5, "2099-01-01T00:00:00+00:00", false), await ReadAsync(key));

        await service.Client.ChangeKeyAsync(key, new { name = "after", client_ids = new[] { "b", "c" } });
        Assert.Equal(("after", "b,c", 5, "2099-01-01T00:00:00+00:00", false), await ReadAsync(key));

        await service.Client.ChangeKeyAsync(key, new { rate_limit_per_minute = (int?)null, expires_at = (string?)null, disabled = true });
        Assert.Equal(("after", "b,c", null, null, true), await ReadAsync(key));

        await service.Client.ChangeKeyAsync(key, new { client_ids = Array.Empty<string>(), rate_limit_per_minute = 9, disabled = false });
        Assert.Equal(("after", "", 9, null, false), await ReadAsync(key));
    }

    [Fact]
    public async Task disabling_twice_keeps_the_time_of_the_first()
    {
        var key = await service.Client.CreateKeyAsync("reader");
        await service.Client.ChangeKeyAsync(key, new { disabled = true });
        var (_, first) = await service.GetAsync($"{Keys}/{key.Id}");
        await service.Client.ChangeKeyAsync(key, new { disabled = true });
        var (_, second) = await service.GetAsync($"{Keys}/{key.Id}");
        Assert.NotNull(first!["disabled_at"]);
        Assert.Equal((string)first["disabled_at"]!, (string)second!["disabled_at"]!);
    }

    [Fact]
    public async Task a_deleted_key_is_gone()
    {
        var key = await service.Client.CreateKeyAsync("reader");
        Assert.Equal(204, (await service.SendAsync(HttpMethod.Delete, $"{Keys}/{key.Id}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Delete, $"{Keys}/{key.Id}")).Status);
        Assert.Equal(404, (await service.GetAsync($"{Keys}/{key.Id}")).Status);
        Assert.Equal(404, (await service.SendAsync(HttpMethod.Patch, $"{Keys}/{key.Id}", "{}")).Status);
    }

    [Theory]
    [InlineData("{}", "/name")]
    [InlineData("""{"name": " ", "role": "root", "client_ids": "1", "rate_limit_per_minute": 0, "expires_at": "soon", "key": "mine"}""", "/client_ids,/expires_at,/key,/name,/rate_limit_per_minute,/role")]
    [InlineData("""{"name": "a", "client_ids": ["ok", "-", 1.5, null, {}, "a b", true]}""", "/client_ids/1,/client_ids/2,/client_ids/3,/client_ids/4,/client_ids/5,/client_ids/6")]
    [InlineData("""{"name": 5, "role": 1, "client_ids": {}, "rate_limit_per_minute": "1"}""", "/client_ids,/name,/rate_limit_per_minute,/role")]
    [InlineData("""{"name": "a", "rate_limit_per_minute": 1000001}""", "/rate_limit_per_minute")]
    [InlineData("[]", "")]
    public async Task all_faults_of_a_new_key_are_named_at_once(string json, string pointers)
    {
        var (status, body) = await service.SendAsync(HttpMethod.Post, Keys, json);
        Assert.Equal((400, "invalid_request"), (status, (string)body!["code"]!));
        Assert.Equal(pointers, Pointers(body));
    }

    [Theory]
    [InlineData("""{"name": null, "client_ids": null, "disabled": 1, "role": "admin"}""", "/client_ids,/disabled,/name,/role")]
    [InlineData("""{"name": ""}""", "/name")]
    public async Task all_faults_of_a_patch_are_named_at_once(string json, string pointers)
    {
        var key = await service.Client.CreateKeyAsync("reader");
        var (status, body) = await service.SendAsync(HttpMethod.Patch, $"{Keys}/{key.Id}", json);
        Assert.Equal((400, pointers), (status, Pointers(body!)));
    }

    [Fact]
    public async Task names_and_clients_have_a_limit()
    {
        await service.Client.CreateKeyAsync(new { name = new string('ä', 200), client_ids = Enumerable.Range(0, 1_000).Select(i => $"c{i}") });
        Assert.Equal(400, (await service.PostAsync(Keys, new { name = new string('ä', 201) })).Status);
        Assert.Equal(400, (await service.PostAsync(Keys, new { name = "a", client_ids = Enumerable.Range(0, 1_001).Select(i => $"c{i}") })).Status);
    }

    [Theory]
    [InlineData("""{"name": "a", "expires_at": "2020-01-01T00:00:00Z"}""", "expires_in_the_past")]
    [InlineData("""{"name": "a", "role": "admin", "client_ids": ["1"]}""", "admin_key_with_clients")]
    public async Task what_breaks_a_rule_is_422_with_its_code(string json, string code)
    {
        var (status, body) = await service.SendAsync(HttpMethod.Post, Keys, json);
        Assert.Equal((422, code), (status, (string)body!["code"]!));
    }

    [Fact]
    public async Task an_admin_key_takes_no_clients_later_either()
    {
        var key = await service.Client.CreateKeyAsync("admin");
        var (status, body) = await service.SendAsync(HttpMethod.Patch, $"{Keys}/{key.Id}", """{"client_ids": ["1"]}""");
        Assert.Equal((422, "admin_key_with_clients"), (status, (string)body!["code"]!));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("cursor=x")]
    [InlineData("cursor=%00")]
    [InlineData("nonsense=1")]
    public async Task a_strange_query_is_refused(string query) => Assert.Equal(400, (await service.GetAsync($"{Keys}?{query}")).Status);

    [Theory]
    [InlineData("00000000-0000-7000-8000-000000000000")]
    [InlineData("no-id")]
    [InlineData("%0A")]
    public async Task an_id_that_is_none_is_not_found(string id)
    {
        foreach (var (method, json) in new[] { ("GET", null), ("DELETE", null), ("PATCH", "{}") })
        {
            var (status, body) = await service.SendAsync(new HttpMethod(method), $"{Keys}/{id}", json);
            Assert.Equal((404, "not_found"), (status, (string)body!["code"]!));
        }
    }

    private async Task<(string Name, string Clients, int? Limit, string? End, bool IsDisabled)> ReadAsync(TestKey key)
    {
        var (_, body) = await service.GetAsync($"{Keys}/{key.Id}");
        return (
            (string)body!["name"]!,
            string.Join(',', body["client_ids"]!.AsArray().Select(client => (string)client!)),
            (int?)body["rate_limit_per_minute"],
            (string?)body["expires_at"],
            body["disabled_at"] is not null);
    }

    private static string Pointers(JsonNode problem) =>
        string.Join(',', problem["errors"]!.AsArray().Select(fault => (string)fault!["pointer"]!).Order(StringComparer.Ordinal));
}
