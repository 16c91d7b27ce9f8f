using Actors.Support;

namespace Actors.Compose;

public sealed class EnvExampleTests
{
    [Fact]
    public void the_example_lists_every_variable_of_the_compose_file_and_no_other()
    {
        var passedOn = ComposeFile.Services.Values.SelectMany(service => service.Value["environment"].Members)
            .Where(variable => variable.Value.Text.Length == 0).Select(variable => variable.Key);
        var used = ComposeFile.Uses.Select(use => use.Name).Concat(passedOn).Append(EnvExample.ProjectName).Distinct().Order();

        Assert.Equal(used, EnvExample.Entries.Select(entry => entry.Name).Order());
    }

    [Fact]
    public void each_variable_has_a_comment_of_its_own() =>
        Assert.All(EnvExample.Entries, entry => Assert.Matches("^# [A-Z].{15,}", entry.LineBefore));

    [Fact]
    public void secrets_have_no_default_and_a_missing_one_is_an_error_that_names_it()
    {
        var required = ComposeFile.Uses.Where(use => use.Operator == ":?").ToList();

        Assert.Equal(EnvExample.Secrets.Order(), required.Select(use => use.Name).Distinct().Order());
        Assert.All(required, use => Assert.StartsWith($"{use.Name} is missing", use.Operand, StringComparison.Ordinal));
        Assert.DoesNotContain(ComposeFile.Uses, use => EnvExample.Secrets.Contains(use.Name) && use.Operator != ":?");
    }

    [Fact]
    public void secrets_left_as_in_the_example_are_refused_before_anything_starts()
    {
        var script = SourceTree.Read("compose/postgres/prepare.sh");

        Assert.All(EnvExample.Secrets, name =>
        {
            Assert.Equal("change-me", EnvExample.Values[name]);
            Assert.Contains($"\nsecret {name} ", script, StringComparison.Ordinal);
            Assert.True(ComposeFile.Services["prepare"].Value["environment"][name].Exists);
        });
        Assert.All(ComposeFile.LastingServices, service => Assert.True(WaitsForPrepare(service), $"{service.Name} does not wait."));
    }

    [Fact]
    public void every_other_variable_has_the_default_that_the_example_shows() =>
        Assert.All(ComposeFile.Uses.Where(use => use.Operator == ":-"), use => Assert.Equal(EnvExample.Values[use.Name], use.Operand));

    private static bool WaitsForPrepare(ComposeService service) =>
        service.WaitsFor("prepare") == "service_completed_successfully"
        || service.Value["depends_on"].Members.Keys.Any(other => WaitsForPrepare(ComposeFile.Services[other]));
}
