using System.Text.Json.Nodes;

namespace Actors.Planning.Tests;

public class ModelDraftTests
{
    private const string Good =
        """
        {"title":"t","summary":"s","steps":[{"number":1,"title":"a","description":null,"workflow_step":null,"estimated_hours":1,"dependencies":[],"owner":null,"tags":[]}],
         "assumptions":[],"risks":[]}
        """;

    [Theory]
    [InlineData(Good)]
    [InlineData("  \n```json\n" + Good + "\n```\n")]
    [InlineData("```\n" + Good + "```")]
    public void an_answer_of_the_schema_is_taken(string answer) => Assert.Equal("a", Assert.Single(Read(answer, out _)!.Steps).Title);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("```")]
    [InlineData("``````")]
    [InlineData("{\"title\":\"\\ud800\"}")]
    [InlineData("{\"title\":1}")]
    public void what_is_no_such_json_is_refused_in_words(string answer)
    {
        Assert.Null(Read(answer, out var faults));
        Assert.NotEmpty(faults);
    }

    [Theory]
    [InlineData("steps", "[]", "1 to 500 steps")]
    [InlineData("steps", "[null]", "is null")]
    [InlineData("assumptions", "[null]", "an assumption or risk")]
    [InlineData("title", "\"\"", "title must be text of 1 to 200")]
    [InlineData("summary", "\"a\\u0000b\"", "summary must be text")]
    [InlineData("risks", "[\"\"]", "an assumption or risk")]
    [InlineData("steps/0/number", "0", "number 0 must be 1 to")]
    [InlineData("steps/0/number", "1.5", "not JSON of the demanded schema")]
    [InlineData("steps/0/workflow_step", "3", "workflow_step 3 of step 1")]
    [InlineData("steps/0/estimated_hours", "-1", "estimated_hours of step 1")]
    [InlineData("steps/0/estimated_hours", "1e300", "not JSON of the demanded schema")]
    [InlineData("steps/0/dependencies", "[1]", "circle")]
    [InlineData("steps/0/dependencies", "[7]", "depends on step 7")]
    [InlineData("steps/0/tags", "[null]", "not JSON|a tag of step 1")]
    [InlineData("steps/0/status", "\"done\"", "not JSON of the demanded schema")]
    public void what_breaks_a_rule_is_named(string place, string value, string fault)
    {
        var answer = JsonNode.Parse(Good)!;
        var (parent, name) = place.LastIndexOf('/') is >= 0 and var at ? (place[..at].Split('/').Aggregate(answer, (node, part) => node is JsonArray list ? list[int.Parse(part)]! : node[part]!), place[(at + 1)..]) : (answer, place);
        parent[name] = JsonNode.Parse(value);

        Assert.Null(Read(answer.ToJsonString(), out var faults));

        Assert.Contains(faults, said => fault.Split('|').Any(part => said.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void a_step_of_the_workflow_is_taken_once()
    {
        var answer = JsonNode.Parse(Good)!;
        answer["steps"]![0]!["workflow_step"] = 1;
        var twin = answer["steps"]![0]!.DeepClone();
        twin["number"] = 2;
        answer["steps"]!.AsArray().Add(twin);

        Assert.Null(Read(answer.ToJsonString(), out var faults));
        Assert.Contains("workflow_step 1 is used by more than one step", faults);
    }

    private static ModelDraft? Read(string answer, out System.Collections.Immutable.ImmutableArray<string> faults) => ModelDraft.Read(answer, workflowSteps: 2, out faults);
}
