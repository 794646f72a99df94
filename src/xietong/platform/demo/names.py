"""Given and family names for the demo's people, common ones of Brazil."""

_GIVEN = """
    Ana Maria João José Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Gabriel Rafael
    Daniel Marcelo Bruno Eduardo Felipe Raimundo Rodrigo Manoel Mateus André Fernando Fábio
    Leonardo Gustavo Tiago Adriana Juliana Márcia Fernanda Patrícia Aline Sandra Camila Amanda
    Bruna Jéssica Letícia Júlia Luciana Vanessa Mariana Gabriela Vera Vitória Larissa Cláudia
    Beatriz Rita Luana Sônia Renata Eliane Josefa Simone Natália Cristiane
"""
_FAMILY = """
    Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro
    Martins Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento
    Andrade Moreira Nunes Marques Machado Mendes Freitas Cardoso Ramos Gonçalves Santana
    Teixeira Araújo Pinto Campos Moura Cavalcante
"""
GIVEN = tuple(_GIVEN.split())
FAMILY = tuple(_FAMILY.split())
