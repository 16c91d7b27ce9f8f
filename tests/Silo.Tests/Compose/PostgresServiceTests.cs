using Actors.Support;
using Npgsql;

namespace Actors.Compose;

public sealed class PostgresServiceTests
{
    private static readonly ComposeService Postgres = ComposeFile.Services["postgres"];
    private static readonly ComposeService Prepare = ComposeFile.Services["prepare"];

    private static readonly string[][] AccessLines =
        [.. SourceTree.Read("compose/postgres/pg_hba.conf").Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [Fact]
    public void the_server_is_a_pinned_release() => Assert.Matches(@"^postgres:\d+\.\d+-[a-z]+$", Postgres.Image);

    [Fact]
    public void connections_are_encrypted() => Assert.Contains("-cssl=on", Postgres.Command);

    [Fact]
    public void the_certificate_is_made_before_the_server_starts()
    {
        Assert.Equal("service_completed_successfully", Postgres.WaitsFor("prepare"));
        Assert.Equal("/tls", Prepare.Volumes["postgres-tls"]);
        Assert.Equal("/tls:ro", Postgres.Volumes["postgres-tls"]);
        Assert.Contains("-cssl_cert_file=/tls/server.crt", Postgres.Command);
        Assert.Contains("-cssl_key_file=/tls/server.key", Postgres.Command);
    }

    [Fact]
    public void the_access_rules_are_the_ones_beside_the_compose_file()
    {
        Assert.Contains("-chba_file=/etc/postgresql/pg_hba.conf", Postgres.Command);
        Assert.Equal("/etc/postgresql/pg_hba.conf:ro", Postgres.Volumes["./postgres/pg_hba.conf"]);
    }

    [Fact]
    public void remote_roles_come_in_by_hostssl_and_password_only()
    {
        var remote = AccessLines.Where(line => line[0] != "local").ToList();

        Assert.DoesNotContain(remote, line => line[0] is "host" or "hostgssenc" or "hostnogssenc");
        Assert.All(remote, line => Assert.Contains(line[^1], new[] { "scram-sha-256", "reject" }));
        Assert.All(remote.Where(line => line[^1] == "scram-sha-256"), line => Assert.Equal("hostssl", line[0]));
        Assert.Contains(remote, line => line is ["hostnossl", "all", "all", "all", "reject"]);
        Assert.Contains("-cpassword_encryption=scram-sha-256", Postgres.Command);
    }

    [Fact]
    public void the_superuser_is_refused_over_the_network_before_any_line_lets_it_in()
    {
        var first = AccessLines.First(line => line[0] == "hostssl" && line[2] is "all" or "postgres");

        Assert.Equal(["hostssl", "all", "postgres", "all", "reject"], first);
    }

    [Fact]
    public void a_role_that_is_no_superuser_owns_the_database()
    {
        var script = SourceTree.Read("compose/postgres/create-database.sh");

        Assert.StartsWith("/docker-entrypoint-initdb.d/", Postgres.Volumes["./postgres/create-database.sh"], StringComparison.Ordinal);
        Assert.Contains("create role planner login password", script, StringComparison.Ordinal);
        Assert.Contains("create database planner owner planner", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("silo")]
    [InlineData("api")]
    public void our_programs_verify_the_server_they_speak_to(string name)
    {
        var service = ComposeFile.Services[name];
        var connection = new NpgsqlConnectionStringBuilder(service.Value["environment"]["ConnectionStrings__Postgres"].Text);

        Assert.Equal(SslMode.VerifyFull, connection.SslMode);
        Assert.Equal("postgres", connection.Host);
        Assert.Equal("planner", connection.Username);
        Assert.Equal("/app/certs:ro", service.Volumes["postgres-ca"]);
        Assert.Equal("/app/certs/ca.crt", connection.RootCertificate);
        Assert.Equal("/ca", Prepare.Volumes["postgres-ca"]);
    }

    [Fact]
    public void its_rows_are_on_a_volume_with_a_name()
    {
        Assert.Equal("/var/lib/postgresql/data", Postgres.Volumes["postgres-data"]);
        Assert.Equal("planner-memory-postgres-data", ComposeFile.Root["volumes.postgres-data.name"].Text);
    }
}
