using System.Text;
using DiffusionMesh.Inference.Text;

namespace DiffusionMesh.Inference.Tests.Text;

public class WordTokenizerTests
{
    private const string Json = """
        {"type":"word","lowercase":true,"max_tokens":6,"pad_id":0,"unknown_id":1,
         "vocabulary":{"a":2,"photo":3,"of":4,"boot":5,"boots":6,"t":7,"shirt":8,"women's":9}}
        """;

    private static readonly WordTokenizer Tokenizer = WordTokenizer.Load(Encoding.UTF8.GetBytes(Json));

    [Theory]
    [InlineData("a photo of a boot", new long[] { 2, 3, 4, 2, 5, 0 })]
    [InlineData("  A PHOTO, of: a Boot!  ", new long[] { 2, 3, 4, 2, 5, 0 })]
    [InlineData("T-shirt", new long[] { 7, 8, 0, 0, 0, 0 })]
    [InlineData("women's\tboots\n", new long[] { 9, 6, 0, 0, 0, 0 })]
    public void Encode_KnownWords_GivesTheirNumbers(string text, long[] tokens)
    {
        var prompt = Tokenizer.Encode(text);

        Assert.Null(prompt.Problem);
        Assert.Equal(tokens, prompt.Tokens);
    }

    [Theory]
    [InlineData("a phoot of a spaceship", "has words that the model does not know: 'phoot' (near known words: boot, photo), 'spaceship'")]
    [InlineData("boott", "has words that the model does not know: 'boott' (near known words: boot, boots)")]
    [InlineData("é", "has words that the model does not know: 'é'")]
    [InlineData("zebra zebra", "has words that the model does not know: 'zebra'")]
    [InlineData("", "has no words")]
    [InlineData(" ?!", "has no words")]
    [InlineData("a a a a a a a", "has 7 words; the model reads at most 6")]
    public void Encode_WhatTheModelDoesNotUnderstand_SaysSo(string text, string problem)
    {
        Assert.Equal(problem, Tokenizer.Encode(text).Problem);
    }

    [Fact]
    public void Encode_HostileLength_IsAnswered()
    {
        Assert.StartsWith("has 50000 words", Tokenizer.Encode(string.Concat(Enumerable.Repeat("ab ", 50000))).Problem, StringComparison.Ordinal);
        Assert.StartsWith("has words that", Tokenizer.Encode(new string('x', 100000)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"word\"", "\"bpe\"", "type \"bpe\" is unknown")]
    [InlineData("true", "false", "lowercase must be true")]
    [InlineData("\"max_tokens\":6", "\"max_tokens\":0", "max_tokens")]
    [InlineData("\"a\":2", "\"a\":1", "vocabulary must give every word a number of its own")]
    [InlineData("\"pad_id\":0,", "", "missing required properties including: 'pad_id'")]
    [InlineData("{\"type\"", "\"type\"", "cannot be read")]
    public void Load_BrokenFile_IsRefused(string find, string replacement, string expected)
    {
        var json = Encoding.UTF8.GetBytes(Json.Replace(find, replacement, StringComparison.Ordinal));

        var error = Assert.Throws<ModelLoadException>(() => WordTokenizer.Load(json));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
