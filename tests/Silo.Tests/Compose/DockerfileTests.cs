using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Actors.Support;

namespace Actors.Compose;

public sealed partial class DockerfileTests
{
    public static TheoryData<string> Services => ["silo", "api"];

    public static TheoryData<string, string> Programs => new() { { "silo", "Silo" }, { "api", "Api" } };

    [Theory, MemberData(nameof(Services))]
    public void compose_builds_it_from_the_root_of_the_source_tree(string service)
    {
        var build = ComposeFile.Services[service].Value["build"];

        Assert.Equal("..", build["context"].Text);
        Assert.Equal($"compose/{service}.Dockerfile", build["dockerfile"].Text);
    }

    [Theory, MemberData(nameof(Programs))]
    public void the_cluster_build_is_made_in_a_stage_that_is_left_behind(string service, string project)
    {
        var file = Of(service);

        Assert.Equal(["mcr.microsoft.com/dotnet/sdk", "mcr.microsoft.com/dotnet/aspnet"], file.Bases.Select(image => image.Split(':')[0]));
        Assert.Contains(file.Of("RUN"), run => run.StartsWith($"dotnet publish {project} -c Release -p:ActorHost=Orleans", StringComparison.Ordinal));
        Assert.Empty(file.FinalStage.Of("RUN"));
        Assert.Contains("--from=build /published .", file.FinalStage.Of("COPY"));
    }

    [Theory, MemberData(nameof(Services))]
    public void every_base_is_an_exact_version_of_one_distribution(string service) =>
        Assert.All(Of(service).Bases, image => Assert.Matches(@":\d+\.\d+\.\d+-[a-z-]+(@sha256:[0-9a-f]{64})?$", image));

    [Theory, MemberData(nameof(Services))]
    public void the_sdk_is_one_that_global_json_takes(string service)
    {
        using var json = JsonDocument.Parse(SourceTree.Read("global.json"));
        var asked = Version.Parse(json.RootElement.GetProperty("sdk").GetProperty("version").GetString()!);
        var used = Version.Parse(Tag().Match(Of(service).Bases.First()).Value);

        Assert.Equal((asked.Major, asked.Minor), (used.Major, used.Minor));
        Assert.True(used >= asked, $"{used} is older than {asked}.");
    }

    [Theory, MemberData(nameof(Services))]
    public void the_runtime_image_is_slim_and_has_icu(string service)
    {
        var final = Of(service).FinalStage;

        Assert.EndsWith("-chiseled-extra", final.Bases.Single(), StringComparison.Ordinal);
        Assert.Contains("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0", final.Of("ENV"));
    }

    [Theory, MemberData(nameof(Services))]
    public void the_program_runs_as_a_user_that_is_not_root_and_owns_the_credentials_folder(string service)
    {
        var final = Of(service).FinalStage;

        Assert.Equal("1654:1654", Assert.Single(final.Of("USER")));
        Assert.Contains("--from=build --chown=1654:1654 /credentials credentials", final.Of("COPY"));
    }

    [Theory, MemberData(nameof(Programs))]
    public void the_program_is_process_1_so_that_signals_reach_it(string service, string project) =>
        Assert.Equal(["dotnet", $"/app/Actors.{project}.dll"], JsonSerializer.Deserialize<string[]>(Assert.Single(Of(service).FinalStage.Of("ENTRYPOINT")))!);

    [Theory, MemberData(nameof(Programs))]
    public void packages_are_restored_for_exactly_the_projects_that_are_built(string service, string project)
    {
        var copied = Of(service).Of("COPY").SelectMany(copy => copy.Split(' ')).Where(part => part.EndsWith(".csproj", StringComparison.Ordinal));

        Assert.Equal(ProjectsOf(project).Order(), copied.Order());
    }

    [Fact]
    public void the_silos_image_holds_orleans_scripts_that_were_checked()
    {
        var silo = Of("silo");

        Assert.Contains("sh compose/fetch-orleans-sql.sh sql/orleans/scripts.sha256 /orleans-sql", silo.Of("RUN"));
        Assert.Contains("--from=build /orleans-sql orleans-sql", silo.FinalStage.Of("COPY"));
        Assert.Contains("sha256sum --check --strict", SourceTree.Read("compose/fetch-orleans-sql.sh"), StringComparison.Ordinal);
    }

    [Fact]
    public void secrets_and_built_files_stay_out_of_the_build() =>
        Assert.Superset(new HashSet<string> { "**/.env", ".git", ".data", "artifacts" }, SourceTree.Read(".dockerignore").Split('\n').ToHashSet());

    private static Dockerfile Of(string service) => Dockerfile.Read($"compose/{service}.Dockerfile");

    private static IEnumerable<string> ProjectsOf(string project)
    {
        var path = $"{project}/{project}.csproj";
        var references = XDocument.Parse(SourceTree.Read(path)).Descendants("ProjectReference").Select(reference => (string)reference.Attribute("Include")!);
        return references.SelectMany(reference => ProjectsOf(Path.GetFileNameWithoutExtension(reference))).Append(path).Distinct();
    }

    [GeneratedRegex(@"(?<=:)\d+\.\d+\.\d+")]
    private static partial Regex Tag();
}
