using Actors.Patterns;

namespace Actors.Grains.Tests.Patterns;

public class PromptTemplateTextTests
{
    [Theory]
    [InlineData("Hello", "")]
    [InlineData("{{a}}", "a")]
    [InlineData("{{a}}{{b}} { } }} {c} {{a}}}", "a,b")]
    [InlineData("{{z9_}} then {{a}}", "z9_,a")]
    public void placeholders_are_found_once_each_in_the_order_of_the_text(string text, string names)
    {
        Assert.Equal(names, string.Join(',', PromptTemplateText.Parse(text).Names));
    }

    [Theory]
    [InlineData("{{", 1)]
    [InlineData("{{a", 1)]
    [InlineData("ab {{a}", 4)]
    [InlineData("{{}}", 1)]
    [InlineData("{{ a }}", 1)]
    [InlineData("{{a}} {{A}}", 7)]
    [InlineData("{{1a}}", 1)]
    [InlineData("{{a-b}}", 1)]
    [InlineData("{{{a}}}", 1)]
    [InlineData("{{{{a}}}}", 1)]
    [InlineData("{{ä}}", 1)]
    public void what_begins_no_placeholder_is_refused_with_its_place(string text, int place)
    {
        var refusal = Assert.Throws<PatternRefusedException>(() => PromptTemplateText.Parse(text));
        Assert.Equal("malformed_placeholder", refusal.Code);
        Assert.Contains($"at character {place} of", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void names_have_64_characters_at_most()
    {
        var longest = new string('a', 64);
        Assert.Equal([longest], PromptTemplateText.Parse($"{{{{{longest}}}}}").Names);
        Assert.Throws<PatternRefusedException>(() => PromptTemplateText.Parse($"{{{{{longest}a}}}}"));
    }

    [Fact]
    public void what_a_value_holds_is_never_taken_for_a_placeholder()
    {
        var text = PromptTemplateText.Parse("{{a}} and {{b}}, {{a}}!");
        Assert.Equal("{{b}} and {{a}}{{, {{b}}!", text.Render(Values(("a", "{{b}}"), ("b", "{{a}}{{"))));
        // Neither does it make one together with what stands around it.
        Assert.Equal("{{b}} x", PromptTemplateText.Parse("{{{a}}b}} {{b}}".Replace("{{{a}}", "{{a}}", StringComparison.Ordinal)).Render(Values(("a", "{{"), ("b", "x"))));
    }

    [Fact]
    public void an_empty_text_is_a_value()
    {
        Assert.Equal("<>", PromptTemplateText.Parse("<{{a}}>").Render(Values(("a", ""))));
    }

    [Fact]
    public void missing_and_unknown_variables_are_named()
    {
        var text = PromptTemplateText.Parse("{{a}}{{b}}{{c}}");
        var missing = Assert.Throws<PatternRefusedException>(() => text.Render(Values(("b", ""))));
        Assert.Equal(("variable_missing", true), (missing.Code, missing.Message.EndsWith(": a, c.", StringComparison.Ordinal)));
        var unknown = Assert.Throws<PatternRefusedException>(() => text.Render(Values(("a", ""), ("b", ""), ("c", ""), ("d", ""))));
        Assert.Equal(("variable_unknown", true), (unknown.Code, unknown.Message.EndsWith(": d.", StringComparison.Ordinal)));
    }

    [Fact]
    public void a_prompt_has_1048576_characters_at_most_however_often_a_variable_stands_in_it()
    {
        var text = PromptTemplateText.Parse(string.Concat(Enumerable.Repeat("{{a}}", 1_024)));
        Assert.Equal(RenderedPrompt.MaxLength, text.Render(Values(("a", new string('x', 1_024)))).Length);
        var refusal = Assert.Throws<PatternRefusedException>(() => text.Render(Values(("a", new string('x', 1_025)))));
        Assert.Equal("prompt_too_long", refusal.Code);
    }

    [Fact]
    public void a_list_of_variables_names_just_those_of_the_text()
    {
        var text = PromptTemplateText.Parse("{{a}} {{b}}");
        text.EnsureDeclared(["b", "a"]);
        Assert.Equal("undeclared_variable", Assert.Throws<PatternRefusedException>(() => text.EnsureDeclared(["a", "c"])).Code);
        Assert.Equal("unused_variable", Assert.Throws<PatternRefusedException>(() => text.EnsureDeclared(["a", "b", "c"])).Code);
        text.EnsureSupplied(["a", "b", "c"]);
        Assert.Equal("variable_not_supplied", Assert.Throws<PatternRefusedException>(() => text.EnsureSupplied(["a"])).Code);
    }

    private static Dictionary<string, string> Values(params (string Name, string Text)[] values) => values.ToDictionary(value => value.Name, value => value.Text);
}
