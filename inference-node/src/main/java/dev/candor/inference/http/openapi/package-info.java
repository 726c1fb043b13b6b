/** The description of the node's HTTP surface: OpenAPI 3.1, made from the routes that are mounted, and a page of it for people. */
package dev.candor.inference.http.openapi;
