namespace Actors.Compose;

public sealed class ValkeyServiceTests
{
    private static readonly ComposeService Valkey = ComposeFile.Services["valkey"];

    [Fact]
    public void the_cache_is_a_pinned_valkey_8_1() => Assert.Matches(@"^valkey/valkey:8\.1\.\d+-[a-z0-9.]+$", Valkey.Image);

    [Fact]
    public void it_holds_50_mb_and_drops_what_was_used_longest_ago()
    {
        Assert.Equal("50mb", Option("--maxmemory"));
        Assert.Equal("allkeys-lru", Option("--maxmemory-policy"));
    }

    [Fact]
    public void it_keeps_nothing_on_disk()
    {
        Assert.Equal("", Option("--save"));
        Assert.Equal("no", Option("--appendonly"));
        Assert.Empty(Valkey.Volumes);
        Assert.Equal(["/data"], Valkey.Value["tmpfs"].Items);
    }

    [Fact]
    public void it_is_found_at_port_6379_of_the_networks_of_silos_and_of_other_stacks_and_nowhere_else()
    {
        Assert.Equal("6379", Option("--port"));
        Assert.Equal(["6379"], Valkey.Value["expose"].Items);
        Assert.Equal(["silos", "docker_syncbricks"], Valkey.Networks);
        Assert.Equal("docker_syncbricks", ComposeFile.Root["networks.docker_syncbricks.name"].Text);
        Assert.False(Valkey.Value["ports"].Exists);
    }

    [Fact]
    public void other_stacks_on_its_network_need_the_password() => Assert.Equal(EnvExample.Values["VALKEY_PASSWORD"], Option("--requirepass"));

    [Fact]
    public void silos_are_told_where_it_is_and_its_password() => Assert.Equal(
        $"valkey:6379,password={EnvExample.Values["VALKEY_PASSWORD"]}",
        ComposeFile.Services["silo"].Value["environment"]["ConnectionStrings__Valkey"].Text);

    private static string Option(string name)
    {
        var at = Valkey.Command.ToList().IndexOf(name);
        return at >= 0 ? Valkey.Command[at + 1] : throw new InvalidOperationException($"{name} is not given.");
    }
}
